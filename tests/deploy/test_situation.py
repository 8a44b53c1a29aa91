"""Every stack status that AWS has, and one that it has not yet."""

from __future__ import annotations

import pytest
from botocore.session import get_session

from aurora_cfn.deploy.situation import SITUATIONS, situation
from aurora_cfn.model.stack import Stack
from tests.deploy.toys import World

REFUSED = {
    "CREATE_FAILED", "ROLLBACK_FAILED", "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED",
    "IMPORT_ROLLBACK_FAILED",
}  # fmt: skip
BUSY = {status for status in SITUATIONS if status.endswith("_IN_PROGRESS")} - {"REVIEW_IN_PROGRESS"}


def test_the_table_has_exactly_the_statuses_of_the_api() -> None:
    model = get_session().get_service_model("cloudformation")
    assert set(SITUATIONS) == set(model.shape_for("StackStatus").enum)  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", [*sorted(REFUSED | BUSY), "SOMETHING_NEW", "SOMETHING_NEW_IN_PROGRESS"])
def test_nothing_but_reading_happens_where_a_deployment_cannot_go_on(status: str) -> None:
    world = World()
    world.cfn.put("db-dev", status)
    result = world.deploy()
    busy = status.endswith("_IN_PROGRESS")
    assert (result.outcome, result.exit_code) == (("detached", 7) if busy else ("failed", 5))
    assert status in result.cause
    assert "empty" not in result.cause
    assert world.cfn.calls == ["DescribeStacks", *["DescribeStackEvents"] * busy]
    assert world.plans == []
    assert world.questions == []


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_settled_stack_is_updated(status: str) -> None:
    assert situation(Stack("arn:aws:cloudformation:r:1:stack/x/1", "x", status)).move == "update"


def test_no_stack_is_created() -> None:
    assert situation(None).move == "create"
