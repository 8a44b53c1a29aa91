"""What is sent to EventBridge Scheduler and RDS about branches, and what their answers mean."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aurora_cfn.aws.attachments import AwsCloneGroups
from aurora_cfn.aws.stack_ends import AwsStackEnds
from aurora_cfn.errors import AwsError
from aurora_cfn.model.branch import StackEnd
from tests.aws.stubs import session, stubbed

ROLE = "arn:aws:iam::1:role/janitor"
STACK = "arn:aws:cloudformation:eu-west-1:1:stack/db-dev-branch-x/1"
AT = datetime(2026, 12, 1, 16, 20, tzinfo=UTC)
NAMED = {"GroupName": "group", "Name": "x"}


def wanted(expression: str, state: str, partition: str = "aws", stack: str = STACK) -> dict[str, Any]:
    return NAMED | {
        "State": state, "ScheduleExpression": expression, "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": {"Mode": "OFF"}, "ActionAfterCompletion": "DELETE",
        "Target": {
            "Arn": f"arn:{partition}:scheduler:::aws-sdk:cloudformation:deleteStack", "RoleArn": ROLE,
            "Input": json.dumps({"StackName": stack}),
            "RetryPolicy": {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185},
        },
    }  # fmt: skip


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize(
    ("at", "expression", "state"),
    [(AT, "at(2026-12-01T16:20:00)", "ENABLED"), (None, "at(2099-01-01T00:00:00)", "DISABLED")],
)
def test_a_schedule_is_made_or_replaced(exists: bool, at: datetime | None, expression: str, state: str) -> None:
    place, asked = session(), wanted(expression, state)
    with stubbed(place, "scheduler") as stub:
        if exists:
            stub.add_client_error("create_schedule", "ConflictException", expected_params=asked)
            stub.add_response("update_schedule", {"ScheduleArn": "arn"}, asked)
        else:
            stub.add_response("create_schedule", {"ScheduleArn": "arn"}, asked)
        AwsStackEnds(place, "group", ROLE).set_end("x", stack_arn=STACK, at=at)


def test_the_target_is_in_the_partition_of_the_stack() -> None:
    place, stack = session(), STACK.replace("eu-west-1", "cn-north-1")
    with stubbed(place, "scheduler") as stub:
        asked = wanted("at(2026-12-01T16:20:00)", "ENABLED", "aws-cn", stack)
        stub.add_response("create_schedule", {"ScheduleArn": "arn"}, asked)
        AwsStackEnds(place, "group", ROLE).set_end("x", stack_arn=stack, at=AT)


def test_a_schedule_is_read_and_removed_and_one_that_is_gone_is_none() -> None:
    place = session()
    target = {"Arn": "arn", "RoleArn": ROLE, "Input": json.dumps({"StackName": STACK})}
    row = {"ScheduleExpression": "at(2026-12-01T16:20:00)", "State": "ENABLED", "Target": target}
    with stubbed(place, "scheduler") as stub:
        stub.add_response("get_schedule", row, NAMED)
        stub.add_response("get_schedule", {**row, "State": "DISABLED"}, NAMED)
        stub.add_client_error("get_schedule", "ResourceNotFoundException")
        stub.add_client_error("get_schedule", "AccessDeniedException")
        stub.add_response("delete_schedule", {}, NAMED)
        stub.add_client_error("delete_schedule", "ResourceNotFoundException")
        ends = AwsStackEnds(place, "group", ROLE)
        assert ends.end_of("x") == StackEnd(STACK, AT)
        assert ends.end_of("x") == StackEnd(STACK, None)
        assert ends.end_of("x") is None
        with pytest.raises(AwsError):
            ends.end_of("x")
        ends.remove_end("x")
        ends.remove_end("x")


@pytest.mark.parametrize(("cluster", "clones"), [("a", 2), ("d", 0), ("e", 0), ("gone", 0)])
def test_clones_are_counted_by_their_group(cluster: str, clones: int) -> None:
    place = session()
    groups = {"a": "g", "b": "g", "c": "g", "d": None, "e": "h"}
    rows = [
        {"DBClusterIdentifier": name, **({"CloneGroupId": group} if group else {})} for name, group in groups.items()
    ]
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_db_clusters", {"DBClusters": rows[:2], "Marker": "m"}, {})
        stub.add_response("describe_db_clusters", {"DBClusters": rows[2:]}, {"Marker": "m"})
        assert AwsCloneGroups(place).clones_beside(cluster) == clones
