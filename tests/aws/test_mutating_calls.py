"""What is sent with each call that changes something: all of it, exactly, and nothing that is empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSetRequest, ImportedResource
from tests.aws.stubs import session, stubbed

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/s/1"
ROLE = "arn:aws:iam::123456789012:role/cloudformation"
NAMED = {"StackName": ARN, "ClientRequestToken": "t"}


@pytest.fixture(scope="module")
def place() -> Session:
    return session()


@pytest.mark.parametrize(
    ("call", "operation", "sent"),
    [
        (lambda cfn: cfn.delete_stack(ARN, token="t"), "delete_stack", NAMED),
        (
            lambda cfn: cfn.delete_stack(ARN, token="t", retain=("A", "B"), role_arn=ROLE),
            "delete_stack",
            {**NAMED, "RetainResources": ["A", "B"], "RoleARN": ROLE},
        ),
        (lambda cfn: cfn.cancel_update(ARN, token="t"), "cancel_update_stack", NAMED),
        (lambda cfn: cfn.continue_rollback(ARN, token="t"), "continue_update_rollback", NAMED),
        (
            lambda cfn: cfn.continue_rollback(ARN, token="t", skip=("A",), role_arn=ROLE),
            "continue_update_rollback",
            {**NAMED, "ResourcesToSkip": ["A"], "RoleARN": ROLE},
        ),
        # RetainExceptOnCreate would delete what the update made even where its policy is Retain.
        (lambda cfn: cfn.roll_back(ARN, token="t"), "rollback_stack", NAMED),
        (
            lambda cfn: cfn.set_protection(ARN, on=True),
            "update_termination_protection",
            {"StackName": ARN, "EnableTerminationProtection": True},
        ),
        (
            lambda cfn: cfn.set_protection(ARN, on=False),
            "update_termination_protection",
            {"StackName": ARN, "EnableTerminationProtection": False},
        ),
        (
            lambda cfn: cfn.set_stack_policy(ARN, "{}"),
            "set_stack_policy",
            {"StackName": ARN, "StackPolicyBody": "{}"},
        ),
        (lambda cfn: cfn.delete_change_set("arn:cs"), "delete_change_set", {"ChangeSetName": "arn:cs"}),
    ],
)
def test_a_call_has_all_that_it_was_given(
    place: Session, call: Callable[[AwsCloudFormation], None], operation: str, sent: dict[str, Any]
) -> None:
    with stubbed(place, "cloudformation") as stub:
        stub.add_response(operation, {}, sent)
        call(AwsCloudFormation(place))
        stub.assert_no_pending_responses()


IMPORTED = ImportedResource("Db", "AWS::RDS::DBCluster", {"DBClusterIdentifier": "db"})
LISTS: dict[str, Any] = {"Parameters": [], "Tags": [], "NotificationARNs": []}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (
            {
                "template": "{}", "parameters": {"A": "", "B": "2"}, "previous_parameters": ("C",), "tags": {"k": "v"},
                "capabilities": ("CAPABILITY_IAM",), "role_arn": ROLE, "notification_arns": ("arn:topic",),
                "token": "t", "description": "d",
            },
            {
                "TemplateBody": "{}", "Capabilities": ["CAPABILITY_IAM"], "RoleARN": ROLE, "ClientToken": "t",
                "Description": "d", "Tags": [{"Key": "k", "Value": "v"}], "NotificationARNs": ["arn:topic"],
                "Parameters": [
                    {"ParameterKey": "A", "ParameterValue": ""},
                    {"ParameterKey": "B", "ParameterValue": "2"},
                    {"ParameterKey": "C", "UsePreviousValue": True},
                ],
            },
        ),
        ({"template": "", "template_url": "https://b/k"}, {**LISTS, "TemplateURL": "https://b/k"}),
        (
            {"previous_template": True, "revert_drift": True},
            {**LISTS, "UsePreviousTemplate": True, "DeploymentMode": "REVERT_DRIFT"},
        ),
        (
            {"template": "{}", "imports": (IMPORTED,)},
            {
                **LISTS, "TemplateBody": "{}",
                "ResourcesToImport": [
                    {
                        "LogicalResourceId": "Db", "ResourceType": "AWS::RDS::DBCluster",
                        "ResourceIdentifier": {"DBClusterIdentifier": "db"},
                    }
                ],
            },
        ),
    ],
)  # fmt: skip
def test_a_change_set_has_all_that_it_was_given(place: Session, given: dict[str, Any], sent: dict[str, Any]) -> None:
    always = {"StackName": "s", "ChangeSetName": "x", "ChangeSetType": "UPDATE"}
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("create_change_set", {"Id": "arn:cs", "StackId": ARN}, {**always, **sent})
        made = AwsCloudFormation(place).create_change_set(ChangeSetRequest("s", "x", "UPDATE", **given))
    assert (made.arn, made.stack_arn) == ("arn:cs", ARN)


@pytest.mark.parametrize(
    ("code", "message", "missing"),
    [
        ("ValidationError", "Stack with id s does not exist", True),
        # Neither a name that is refused nor a missing permission means that there is no stack to lose.
        ("ValidationError", "1 validation error detected: Value 's' at 'stackName'", False),
        ("AccessDenied", "the role does not exist", False),
    ],
)
def test_only_what_does_not_exist_is_none(place: Session, code: str, message: str, missing: bool) -> None:
    with stubbed(place, "cloudformation") as stub:
        stub.add_client_error("describe_stacks", code, message)
        if missing:
            assert AwsCloudFormation(place).stack("s") is None
            return
        with pytest.raises(AwsError, match=code):
            AwsCloudFormation(place).stack("s")


@pytest.mark.parametrize(("code", "ignored"), [("ChangeSetNotFound", True), ("AccessDenied", False)])
def test_a_change_set_that_is_gone_is_deleted_and_one_that_stays_is_shown(
    place: Session, code: str, ignored: bool
) -> None:
    with stubbed(place, "cloudformation") as stub:
        stub.add_client_error("delete_change_set", code)
        if ignored:
            AwsCloudFormation(place).delete_change_set("arn:cs")
            return
        with pytest.raises(AwsError, match=code):
            AwsCloudFormation(place).delete_change_set("arn:cs")
