"""The newest events of a stack: one call, oldest first, also to those that must mask names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.errors import AwsError
from tests.aws.stubs import session, stubbed

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev/1"


def row(name: str, minute: int) -> dict[str, Any]:
    return {
        "StackId": ARN, "StackName": "db-dev", "EventId": name, "LogicalResourceId": name,
        "ResourceType": "AWS::RDS::DBCluster", "ResourceStatus": "CREATE_COMPLETE",
        "Timestamp": datetime(2026, 12, 1, 16, minute, tzinfo=UTC),
    }  # fmt: skip


def test_the_first_page_alone_is_read_and_turned_round() -> None:
    place = session()
    with stubbed(place, "cloudformation") as stub:
        answer = {"StackEvents": [row("new", 2), row("old", 1)], "NextToken": "more"}
        stub.add_response("describe_stack_events", answer, {"StackName": ARN})
        assert [event.id for event in AwsCloudFormation(place).recent_events(ARN)] == ["old", "new"]


def test_a_refusal_is_raised() -> None:
    place = session()
    with stubbed(place, "cloudformation") as stub:
        stub.add_client_error("describe_stack_events", "AccessDenied")
        with pytest.raises(AwsError):
            AwsCloudFormation(place).recent_events(ARN)
