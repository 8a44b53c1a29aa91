"""What becomes of a failure is always sent, because the defaults that are documented contradict each other."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.model.change_set import ChangeSetRequest
from tests.aws.stubs import session, stubbed

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/x/1"


@pytest.mark.parametrize(
    ("given", "sent"),
    [(False, {"DisableRollback": False}), (True, {"DisableRollback": True}), (None, {})],
)
def test_the_execution_says_it(given: bool | None, sent: dict[str, bool]) -> None:
    place = session()
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("execute_change_set", {}, {"ChangeSetName": ARN, "ClientRequestToken": "t", **sent})
        AwsCloudFormation(place).execute_change_set(ARN, token="t", disable_rollback=given)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"express": True}, {"DeploymentConfig": {"Mode": "EXPRESS", "DisableRollback": False}}),
        ({"express": True, "disable_rollback": True},
         {"DeploymentConfig": {"Mode": "EXPRESS", "DisableRollback": True}}),
        ({"express": True, "on_failure": "DO_NOTHING"},
         {"DeploymentConfig": {"Mode": "EXPRESS", "DisableRollback": True}, "OnStackFailure": "DO_NOTHING"}),
        ({"disable_rollback": True}, {}),
        ({"on_failure": "DELETE"}, {"OnStackFailure": "DELETE"}),
    ],
)  # fmt: skip
def test_an_express_change_set_says_it_itself(given: dict[str, Any], sent: dict[str, Any]) -> None:
    place = session()
    always = {"StackName": "s", "ChangeSetName": "x", "ChangeSetType": "CREATE", "TemplateBody": "{}"}
    empty: dict[str, Any] = {"Parameters": [], "Tags": [], "NotificationARNs": []}
    answer = {"Id": ARN, "StackId": "arn:stack"}
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("create_change_set", answer, {**always, **empty, **sent})
        AwsCloudFormation(place).create_change_set(ChangeSetRequest("s", "x", "CREATE", "{}", **given))
