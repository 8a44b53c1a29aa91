"""What is deployed becomes what checks look at; what cannot be read is said."""

from __future__ import annotations

import pytest

from aurora_cfn.deploy.preflight.reading import subjects
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.environment import EnvironmentStack, EnvRef, OutputRef, SsmRef, StackRef
from aurora_cfn.model.stack import StackResource
from tests.deploy.preflight.toys import TEMPLATE, environment
from tests.fakes.account import FakeParameters
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.fakes.rds import denied

NETWORK = EnvironmentStack("network", "network-dev", "toy", {}, 3)


def entry(**parameters: object) -> EnvironmentStack:
    return EnvironmentStack("db", "db-dev", "toy", parameters, 7)  # type: ignore[arg-type]


def deployed(cfn: FakeCloudFormation, name: str) -> None:
    made = cfn.create_change_set(ChangeSetRequest(name, "s", "CREATE", TEMPLATE, parameters={"EngineVersion": "17.4"}))
    cfn.execute_change_set(made.arn, token="t")
    cfn.clock.sleep(1000)


def test_both_sides_and_the_real_resources_of_a_deployed_stack() -> None:
    cfn = FakeCloudFormation(FakeClock())
    deployed(cfn, "db-dev")
    one = entry(EngineVersion="17.5")
    found, trouble = subjects(environment(stacks=(one,)), [one], {"toy": TEMPLATE}, {}, (cfn, FakeParameters()))
    assert trouble == []
    assert found[0].old["Cluster"].properties["EngineVersion"] == "17.4"
    assert found[0].new["Cluster"].properties["EngineVersion"] == "17.5"
    assert found[0].physical_id("Cluster") == "db-dev-cluster"
    assert list(found[0].arriving()) == []


@pytest.mark.parametrize("status", ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_COMPLETE"])
def test_a_stack_that_will_be_made_anew_has_only_an_after(status: str) -> None:
    cfn = FakeCloudFormation(FakeClock())
    there = cfn.put("db-dev", status)
    cfn.put_resource(there, StackResource("Cluster", "AWS::RDS::DBCluster", "DELETE_SKIPPED", "kept"))
    one = entry()
    (found,), _ = subjects(environment(stacks=(one,)), [one], {"toy": TEMPLATE}, {}, (cfn, FakeParameters()))
    assert not found.exists
    assert found.old == {}
    assert {row.logical_id for row in found.arriving()} == {"Logs", "Cluster", "Writer", "Address"}


def test_references_are_followed_as_far_as_they_are_known() -> None:
    cfn = FakeCloudFormation(FakeClock())
    deployed(cfn, "network-dev")
    one = entry(
        A=StackRef("network"), B=OutputRef("network", "Nope"), C=SsmRef("/a"), D=EnvRef("D"), E=EnvRef("E"), F="f",
        G=SsmRef("/missing"),
    )  # fmt: skip
    there = environment(stacks=(NETWORK, one))
    found, trouble = subjects(there, [one], {"toy": TEMPLATE}, {"D": "d"}, (cfn, FakeParameters({"/a": "x"})))
    assert found[0].after.parameters == {
        "A": "network-dev", "B": OutputRef("network", "Nope"), "C": "x", "D": "d", "E": EnvRef("E"), "F": "f",
        "G": SsmRef("/missing"),
    }  # fmt: skip
    assert [(row.severity, row.line) for row in trouble] == [("error", 7)]
    assert "there is no SSM parameter /missing in eu-west-1" in trouble[0].message


def test_what_may_not_be_read_is_said_and_left_out() -> None:
    cfn = FakeCloudFormation(FakeClock())
    deployed(cfn, "db-dev")
    cfn.trouble["ListStackResources"] = [denied("ListStackResources")]
    one = entry()
    found, trouble = subjects(environment(stacks=(one,)), [one], {"toy": TEMPLATE}, {}, (cfn, FakeParameters()))
    assert found == []
    assert trouble[0].message == "could not check the stack db: needs cloudformation:ListStackResources"
    assert (trouble[0].severity, trouble[0].line) == ("warning", 7)
