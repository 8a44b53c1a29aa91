"""The role that CloudFormation takes: in every call that has a place for it, and what is said when it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSetRequest
from tests.aws.stubs import session, stubbed

ROLE = "arn:aws:iam::123456789012:role/cloudformation"
STACK = "arn:aws:cloudformation:eu-west-1:123456789012:stack/s/1"
TOKEN = {"ClientRequestToken": "t"}


def request(role: str | None) -> ChangeSetRequest:
    return ChangeSetRequest("s", "x", "UPDATE", "T", parameters={}, tags={}, role_arn=role)


Call = Callable[[AwsCloudFormation, str | None], object]
CALLS: list[tuple[str, dict[str, Any], dict[str, Any], Call]] = [
    (
        "create_change_set",
        {"Id": "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/x/1", "StackId": STACK},
        {
            "StackName": "s", "ChangeSetName": "x", "ChangeSetType": "UPDATE", "TemplateBody": "T",
            "Parameters": [], "Tags": [], "NotificationARNs": [],
        },
        lambda cfn, role: cfn.create_change_set(request(role)),
    ),
    (
        "delete_stack",
        {},
        {"StackName": STACK, **TOKEN},
        lambda cfn, role: cfn.delete_stack(STACK, token="t", role_arn=role),
    ),
    (
        "continue_update_rollback",
        {},
        {"StackName": STACK, **TOKEN, "ResourcesToSkip": ["A"]},
        lambda cfn, role: cfn.continue_rollback(STACK, token="t", skip=["A"], role_arn=role),
    ),
    (
        "rollback_stack",
        {},
        {"StackName": STACK, **TOKEN},
        lambda cfn, role: cfn.roll_back(STACK, token="t", role_arn=role),
    ),
]  # fmt: skip


@pytest.mark.parametrize("role", [ROLE, None])
@pytest.mark.parametrize(("operation", "answer", "asked", "call"), CALLS, ids=[row[0] for row in CALLS])
def test_the_role_goes_where_there_is_one(
    operation: str, answer: dict[str, Any], asked: dict[str, Any], call: Call, role: str | None
) -> None:
    place = session()
    with stubbed(place, "cloudformation") as stub:
        stub.add_response(operation, answer, asked | ({"RoleARN": role} if role else {}))
        call(AwsCloudFormation(place), role)


@pytest.mark.parametrize(
    ("code", "message", "advice"),
    [
        (
            "AccessDenied",
            f"User: arn:aws:iam::123456789012:user/me is not authorized to perform: iam:PassRole on resource: {ROLE}",
            "`aurora-cfn permissions deploy --env ENV` prints the statement",
        ),
        ("ValidationError", f"Role {ROLE} is invalid or cannot be assumed", "its trust policy must let cloudformation"),
    ],
)
@pytest.mark.parametrize(("operation", "_answer", "_asked", "call"), CALLS, ids=[row[0] for row in CALLS])
def test_a_role_that_cannot_be_given_is_shown_with_what_to_do(
    operation: str, _answer: object, _asked: object, call: Call, code: str, message: str, advice: str
) -> None:
    place = session()
    with stubbed(place, "cloudformation") as stub:
        stub.add_client_error(operation, code, message)
        with pytest.raises(AwsError) as caught:
            call(AwsCloudFormation(place), ROLE)
    assert message in str(caught.value)
    assert advice in str(caught.value)
    assert caught.value.code == code
    assert "\n" not in str(caught.value)
