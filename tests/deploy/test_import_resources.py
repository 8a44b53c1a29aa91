"""Taking existing resources into a stack: what is refused, the template that matches, and what stays untouched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import pytest

from aurora_cfn.deploy.import_resources import Import, adopted, planned, take_in
from aurora_cfn.errors import InputError
from aurora_cfn.model.change import Verdict
from aurora_cfn.model.change_set import ChangeSet, ChangeSetRequest, CreatedChangeSet
from aurora_cfn.model.ownership import Owner, with_suffix
from aurora_cfn.model.plan import StackResult
from aurora_cfn.yamltext import read_template
from tests.deploy import toys
from tests.deploy.preflight.toys import TEMPLATE, running, stack
from tests.deploy.toys import changed
from tests.fakes.actuals import FakeActuals
from tests.fakes.cloudformation import NO_CHANGES, FakeCloudFormation

CLUSTER = "AWS::RDS::DBCluster"
REAL: dict[str, Any] = {
    "DBClusterIdentifier": "db-dev-aurora",
    "Engine": "aurora-postgresql",
    "EngineVersion": "17.4",
    "MasterUsername": "admin1",
    "StorageEncrypted": False,
    "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 4},
    "MasterUserSecret": {"SecretArn": "arn:x", "KmsKeyId": "k"},
}
SMALL = """\
Resources:
  Old:
    Type: AWS::SSM::Parameter
    Properties: {Name: old, Type: String, Value: !Sub "${AWS::Region}"}
Outputs:
  Old:
    Value: !Ref Old
"""
ONE_MORE = f"{SMALL.partition('Outputs:')[0]}  Address:\n    Type: AWS::SSM::Parameter\n"
WANTED = ONE_MORE + "    Properties: {Name: /db/address, Type: String, Value: new}\n"


@pytest.fixture
def actuals() -> FakeActuals:
    return FakeActuals(
        {
            (CLUSTER, "db-dev-aurora"): REAL,
            ("AWS::SSM::Parameter", "/db/address"): {"Name": "/db/address", "Type": "String", "Value": "real"},
        }
    )


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("Cluster", "write LogicalId=PhysicalId"),
        ("=x", "write LogicalId=PhysicalId"),
        ("Cluser=x", "did you mean Cluster?"),
        ("Cluster=x|y", "is identified by DBClusterIdentifier"),
        ("Cluster=nope", "there is no AWS::RDS::DBCluster nope in eu-west-1"),
    ],
)
def test_wrong_names_are_all_shown_at_once(actuals: FakeActuals, pair: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        adopted(stack(), [pair, "Logs=nothing"], actuals)
    assert words in str(caught.value)
    assert len(caught.value.complaints) == 2


def test_a_type_that_no_one_can_identify_is_refused(actuals: FakeActuals) -> None:
    odd = TEMPLATE.replace("Resources:\n", "Resources:\n  Odd: {Type: 'Custom::Odd'}\n")
    with pytest.raises(InputError, match="Odd=x: Custom::Odd cannot be imported"):
        adopted(stack(None, odd), ["Odd=x"], actuals)


def test_what_the_stack_has_already_and_what_is_named_twice(actuals: FakeActuals) -> None:
    with pytest.raises(InputError, match="db-dev has Cluster already: db-dev-aurora"):
        adopted(stack(running()), ["Cluster=db-dev-aurora"], actuals)
    with pytest.raises(InputError, match="named twice"):
        adopted(stack(), ["Cluster=db-dev-aurora", "Cluster=db-dev-aurora"], actuals)


def test_the_template_has_the_real_values_of_what_the_wanted_one_sets(actuals: FakeActuals) -> None:
    one = planned(stack(), adopted(stack(), ["Cluster=db-dev-aurora"], actuals))
    written: Any = read_template(one.template, "x").value
    assert (list(written), written["AWSTemplateFormatVersion"]) == (
        ["AWSTemplateFormatVersion", "Resources"],
        "2010-09-09",
    )
    assert one.template.startswith("# Written by `aurora-cfn import` to match what exists")
    entry = written["Resources"]["Cluster"]
    assert (entry["DeletionPolicy"], entry["UpdateReplacePolicy"]) == ("Snapshot", "Snapshot")
    assert entry["Properties"] == {
        "DBClusterIdentifier": "db-dev-aurora",
        "Engine": "aurora-postgresql",
        "EngineVersion": "17.4",
        "MasterUsername": "admin1",
        "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 4},
    }


def test_what_only_aws_sets_is_left_out(actuals: FakeActuals) -> None:
    secret = TEMPLATE.replace("      MasterUsername:", "      MasterUserSecret: {KmsKeyId: k}\n      MasterUsername:")
    about = stack(None, secret)
    (row,) = adopted(about, ["Cluster=db-dev-aurora"], actuals)
    properties: Any = row.entry({})["Properties"]
    assert properties["MasterUserSecret"] == {"KmsKeyId": "k"}


def test_what_identifies_it_is_written_even_where_the_wanted_template_leaves_the_name_to_aws(
    actuals: FakeActuals,
) -> None:
    wanted = TEMPLATE.replace('      DBClusterIdentifier: !Sub "${AWS::StackName}-Aurora"\n', "")
    (row,) = adopted(stack(None, wanted), ["Cluster=db-dev-aurora"], actuals)
    properties: Any = row.entry({})["Properties"]
    assert (wanted != TEMPLATE, properties["DBClusterIdentifier"]) == (True, "db-dev-aurora")
    unnamed = FakeActuals({(CLUSTER, "db-dev-aurora"): {"Engine": "aurora-postgresql"}})
    (row,) = adopted(stack(None, wanted), ["Cluster=db-dev-aurora"], unnamed)
    assert row.entry({})["Properties"] == {"Engine": "aurora-postgresql"}


def test_a_resource_without_policies_is_retained(actuals: FakeActuals) -> None:
    (row,) = adopted(stack(), ["Address=/db/address"], actuals)
    assert (row.entry({})["DeletionPolicy"], row.entry({})["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert row.imported.identifier == {"Name": "/db/address"}


def test_what_still_differs_is_shown_with_its_verdict(actuals: FakeActuals) -> None:
    wanted = TEMPLATE.replace("      Engine:", "      StorageEncrypted: true\n      Engine:")
    about = stack(None, wanted, EngineVersion="17.5")
    (change,) = planned(about, adopted(about, ["Cluster=db-dev-aurora"], actuals)).still_to_change()
    assert change.verdict >= Verdict.REPLACE
    assert {effect.key.rpartition(".")[2] for effect in change.effects} >= {"StorageEncrypted", "EngineVersion"}


def test_nothing_differs_where_the_template_says_what_is(actuals: FakeActuals) -> None:
    about = stack(None, TEMPLATE.replace("-Aurora", "-aurora"), EngineVersion="17.4")
    assert planned(about, adopted(about, ["Cluster=db-dev-aurora"], actuals)).still_to_change() == ()


# The whole import


def imported(fake: toys.FakeRun, one: Import) -> StackResult:
    return take_in(fake.context(), toys.stack(template=WANTED, tags={"Project": "new"}), one, fake.approve)


def address(fake: toys.FakeRun, actuals: FakeActuals) -> Import:
    from aurora_cfn.deploy.preflight.reading import deployed

    about = stack(deployed(fake.cfn, "db-dev"), WANTED)
    return planned(about, adopted(about, ["Address=/db/address"], actuals))


def test_into_a_new_stack(actuals: FakeActuals) -> None:
    fake = toys.FakeRun()
    result = imported(fake, address(fake, actuals))
    assert (result.outcome, result.exit_code) == ("created", 0)
    assert result.stack is not None
    assert result.stack.status == "IMPORT_COMPLETE"
    assert [row.physical_id for row in fake.cfn.resources("db-dev")] == ["/db/address"]
    assert [change.action for change in fake.plans[0].change_set.changes] == ["Import"]  # type: ignore[union-attr]


def test_into_a_stack_that_exists_nothing_else_changes(actuals: FakeActuals) -> None:
    fake = toys.FakeRun()
    made = fake.cfn.create_change_set(ChangeSetRequest("db-dev", "s", "CREATE", SMALL, tags={"Project": "old"}))
    fake.cfn.execute_change_set(made.arn, token="t")
    fake.clock.sleep(100)
    result = imported(fake, address(fake, actuals))
    assert result.outcome == "updated", result.cause
    before: Any = read_template(SMALL, "x").value
    after: Any = read_template(fake.cfn.template("db-dev"), "x").value
    assert after["Resources"]["Old"] == before["Resources"]["Old"]
    assert after["Outputs"] == before["Outputs"]
    assert after["Resources"]["Address"]["Properties"]["Value"] == "real"
    assert fake.plans[0].desired.tags == {"Project": "old"}
    assert fake.plans[0].desired.template == fake.cfn.template("db-dev")


def test_the_role_topics_parameters_and_protection_of_the_stack_are_asked_for_again(actuals: FakeActuals) -> None:
    class Asked(FakeCloudFormation):
        requests: ClassVar[list[ChangeSetRequest]] = []

        def create_change_set(self, request: ChangeSetRequest) -> CreatedChangeSet:
            self.requests.append(request)
            return super().create_change_set(request)

    fake = toys.FakeRun()
    fake.cfn = cfn = Asked(fake.clock)
    more: dict[str, Any] = {"protected": True, "notification_arns": ("arn:topic",), "parameters": {"Size": "3"}}
    role = "  Role:\n    Type: AWS::IAM::Role\n    Properties: {AssumeRolePolicyDocument: {}}\nOutputs:"
    cfn.put("db-dev", "CREATE_COMPLETE", SMALL.replace("Outputs:", role), **more, tags={"Project": "old"})
    wanted = toys.stack(template=WANTED, tags={"Project": "new"}, role_arn="arn:role")
    assert take_in(fake.context(), wanted, address(fake, actuals), fake.approve).outcome == "updated"
    (request,) = cfn.requests
    assert (request.role_arn, request.notification_arns) == ("arn:role", ("arn:topic",))
    assert (request.previous_parameters, request.tags) == (("Size",), {"Project": "old"})
    assert request.capabilities == ("CAPABILITY_NAMED_IAM",)
    assert (request.token, request.description) == ("aurora-cfn-run1-db", "aurora-cfn import --env dev")
    assert fake.plans[0].desired.protect
    assert "UpdateTerminationProtection" not in cfn.calls


def test_an_import_that_finds_nothing_to_do_changes_nothing(actuals: FakeActuals) -> None:
    class Idle(FakeCloudFormation):
        def change_set(self, arn: str) -> ChangeSet:
            return replace(super().change_set(arn), status="FAILED", reason=NO_CHANGES, changes=())

    fake = toys.FakeRun()
    fake.cfn = Idle(fake.clock)
    assert imported(fake, address(fake, actuals)).outcome == "unchanged"
    assert (fake.cfn.names(), fake.plans) == ([], [])


@pytest.mark.parametrize(("theirs", "left"), [(False, []), (True, ["theirs"])])
def test_the_shell_of_a_killed_run_is_used_and_goes_when_declined(
    actuals: FakeActuals, theirs: bool, left: list[str]
) -> None:
    fake = toys.FakeRun(answer=False)
    dead = Owner("0123456789ab", 7, "100")
    one = address(fake, actuals)
    for name, suffix in [("aurora-cfn-killed", dead.suffix), *([("theirs", "")] if theirs else [])]:
        description = with_suffix("aurora-cfn import", suffix)
        fake.cfn.create_change_set(ChangeSetRequest("db-dev", name, "CREATE", SMALL, description=description))
    context = changed(fake.context(), owner_is_dead=lambda maker: maker == dead)
    assert take_in(context, toys.stack(template=WANTED), one, fake.approve).outcome == "declined"
    assert [row.name for row in fake.cfn.change_sets("db-dev")] == left
    assert fake.cfn.names() == (["db-dev"] if theirs else [])
    assert len(fake.plans[0].notes) == theirs


def test_declined_leaves_nothing(actuals: FakeActuals) -> None:
    fake = toys.FakeRun(answer=False)
    assert imported(fake, address(fake, actuals)).outcome == "declined"
    assert fake.cfn.names() == []


def test_a_busy_stack_is_left_alone(actuals: FakeActuals) -> None:
    fake = toys.FakeRun()
    one = address(fake, actuals)
    fake.cfn.put("db-dev", "UPDATE_IN_PROGRESS")
    assert imported(fake, one).exit_code == 7
    assert fake.cfn.count("CreateChangeSet") == 0
