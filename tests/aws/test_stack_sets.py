"""StackSets on boto3: which members are sent, and which answers mean that there is none."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.aws.stack_set_members import definition_members, preference_members, request_members
from aurora_cfn.aws.stack_sets import AwsStackSets
from aurora_cfn.errors import AwsError
from aurora_cfn.model.stack_set import InstancesRequest, Preferences, SetDefinition, Targets
from tests.aws.stack_sets_contract import keep_stack_sets
from tests.aws.stubs import session, stubbed
from tests.fakes.clock import FakeClock
from tests.fakes.stack_sets import FakeStackSets

NOTHING: dict[str, Any] = {
    "RegionConcurrencyType": "SEQUENTIAL", "FailureToleranceCount": 0, "MaxConcurrentCount": 1,
    "ConcurrencyMode": "STRICT_FAILURE_TOLERANCE",
}  # fmt: skip
REQUEST = InstancesRequest("fleet", "op-1", Targets(("111111111111",)), ("eu-west-1",), Preferences(), {"A": "b"})


def test_the_fake_keeps_the_contract() -> None:
    keep_stack_sets(FakeStackSets(), FakeClock())


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (Preferences(), NOTHING),
        (Preferences("10%", "25%", ("a", "b"), soft=True),
         {"RegionConcurrencyType": "SEQUENTIAL", "RegionOrder": ["a", "b"], "FailureTolerancePercentage": 10,
          "MaxConcurrentPercentage": 25, "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE"}),
        # Regions that are worked on at once have no order.
        (Preferences("2", "3", ("a",), parallel_regions=True),
         {**NOTHING, "RegionConcurrencyType": "PARALLEL", "FailureToleranceCount": 2, "MaxConcurrentCount": 3}),
    ],
)  # fmt: skip
def test_operation_preferences(given: Preferences, sent: dict[str, Any]) -> None:
    assert preference_members(given) == sent


@pytest.mark.parametrize(
    ("targets", "sent"),
    [
        (Targets(("1",)), {"Accounts": ["1"]}),
        (Targets(("1",), ("ou-1",)),
         {"DeploymentTargets": {"OrganizationalUnitIds": ["ou-1"], "Accounts": ["1"],
                                "AccountFilterType": "INTERSECTION"}}),
        (Targets(("1",), ("ou-1",), only=False),
         {"DeploymentTargets": {"OrganizationalUnitIds": ["ou-1"], "Accounts": ["1"],
                                "AccountFilterType": "DIFFERENCE"}}),
        (Targets((), ("ou-1",), only=False), {"DeploymentTargets": {"OrganizationalUnitIds": ["ou-1"]}}),
    ],
)  # fmt: skip
def test_accounts_are_named_or_reached_through_their_units(targets: Targets, sent: dict[str, Any]) -> None:
    found = request_members(InstancesRequest("fleet", "op-1", targets, ("eu-west-1",), Preferences()))
    assert found == {
        "StackSetName": "fleet", **sent, "Regions": ["eu-west-1"], "OperationPreferences": NOTHING,
        "OperationId": "op-1",
    }  # fmt: skip


def test_roles_are_for_self_managed_permissions_alone() -> None:
    both = {"administration_role": "arn:role", "execution_role": "Executor", "automatic": True}
    own = definition_members(SetDefinition("fleet", "{}", **both))  # type: ignore[arg-type] # of three types
    assert (own["AdministrationRoleARN"], own["ExecutionRoleName"], "AutoDeployment" in own) == (
        "arn:role", "Executor", False,
    )  # fmt: skip
    service = definition_members(SetDefinition("fleet", "{}", permissions="service-managed", **both))  # type: ignore[arg-type] # of three types
    assert service["AutoDeployment"] == {"Enabled": True, "RetainStacksOnAccountRemoval": True}
    assert not {"AdministrationRoleARN", "ExecutionRoleName"} & set(service)
    assert service["ManagedExecution"] == {"Active": True}
    large = definition_members(SetDefinition("fleet", "{}", template_url="https://bucket/key"))
    assert (large["TemplateURL"], "TemplateBody" in large) == ("https://bucket/key", False)


def test_an_operation_whose_answer_was_lost_counts_once_and_other_refusals_are_errors() -> None:
    place = session()
    with stubbed(place, "cloudformation") as stub:
        stub.add_client_error("create_stack_instances", "OperationIdAlreadyExistsException", "it exists")
        AwsStackSets(place).create_instances(REQUEST)
        stub.add_client_error("update_stack_instances", "OperationInProgressException", "another one runs")
        with pytest.raises(AwsError, match="another one runs"):
            AwsStackSets(place).update_instances(REQUEST)


def test_a_delegated_administrator_says_so_in_every_call() -> None:
    place = session()
    port = AwsStackSets(place, "delegated-admin")
    caller = {"StackSetName": "fleet", "CallAs": "DELEGATED_ADMIN"}
    with stubbed(place, "cloudformation") as stub:
        stub.add_client_error("describe_stack_set", "StackSetNotFoundException", "", expected_params=caller)
        assert port.stack_set("fleet") is None
        stub.add_response("list_stack_instances", {"Summaries": []}, caller)
        assert list(port.stack_instances("fleet")) == []
        stub.add_response("describe_stack_set", {"StackSet": {"StackSetName": "fleet", "Status": "DELETED"}}, caller)
        assert port.stack_set("fleet") is None
