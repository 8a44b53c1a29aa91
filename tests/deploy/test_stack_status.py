"""Every stack status that AWS has, and one that it has not yet."""

from __future__ import annotations

import pytest
from botocore.session import get_session

from aurora_cfn.deploy.recover import MOVES
from aurora_cfn.deploy.stack_status import STATUSES, stack_status
from aurora_cfn.errors import AwsError
from aurora_cfn.model.stack import Stack, StackResource
from tests.deploy.toys import FakeRun

REFUSED = {
    "CREATE_FAILED", "ROLLBACK_FAILED", "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED",
    "IMPORT_ROLLBACK_FAILED",
}  # fmt: skip
HALF_WAY = {"CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED"}
BUSY = {status for status in STATUSES if status.endswith("_IN_PROGRESS")} - {"REVIEW_IN_PROGRESS"}


def test_the_table_has_exactly_the_statuses_of_the_api() -> None:
    model = get_session().get_service_model("cloudformation")
    assert set(STATUSES) == set(model.shape_for("StackStatus").enum)  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_that_stops_a_deployment_has_a_row_in_recover(status: str) -> None:
    row = STATUSES[status]
    if row.move in {"create", "update"}:
        assert row.recovery == "nothing"
    elif row.move == "wait":
        assert row.recovery == "wait"
    else:
        assert row.recovery in MOVES


def test_recover_has_no_row_that_no_status_needs() -> None:
    assert {row.recovery for row in STATUSES.values()} - {"nothing", "wait"} == MOVES.keys()


@pytest.mark.parametrize("status", [*sorted(REFUSED | BUSY), "SOMETHING_NEW", "SOMETHING_NEW_IN_PROGRESS"])
def test_nothing_but_reading_happens_where_a_deployment_cannot_go_on(status: str) -> None:
    fake = FakeRun()
    fake.cfn.put("db-dev", status)
    result = fake.deploy()
    busy = status.endswith("_IN_PROGRESS")
    assert (result.outcome, result.exit_code) == (
        ("detached", 7) if busy else ("failed", 10 if status in REFUSED else 5)
    )
    assert status in result.cause
    assert "empty" not in result.cause
    looks = ["DescribeStackEvents"] * busy + ["ListStackResources"] * (status in HALF_WAY)
    assert fake.cfn.calls == ["DescribeStacks", *looks]
    assert fake.plans == []
    assert fake.questions == []


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_settled_stack_is_updated(status: str) -> None:
    assert stack_status(Stack("arn:aws:cloudformation:r:1:stack/x/1", "x", status)).move == "update"


def test_no_stack_is_created() -> None:
    assert stack_status(None).move == "create"


@pytest.mark.parametrize("status", sorted(HALF_WAY))
def test_what_a_half_made_stack_still_holds_is_listed(status: str) -> None:
    fake = FakeRun()
    made = fake.cfn.put("db-dev", status)
    fake.cfn.put_resource(made, StackResource("Cluster", "AWS::RDS::DBCluster", "CREATE_COMPLETE", "db-1"))
    fake.cfn.put_resource(made, StackResource("Writer", "AWS::RDS::DBInstance", "DELETE_COMPLETE", "w-1"))
    assert fake.deploy().cause.splitlines()[1:] == ["  still there: Cluster (AWS::RDS::DBCluster) db-1"]


def test_a_list_that_cannot_be_read_hides_nothing() -> None:
    fake = FakeRun()
    fake.cfn.put("db-dev", "CREATE_FAILED")
    fake.cfn.trouble["ListStackResources"] = [AwsError("ListStackResources: no (AccessDenied)", code="AccessDenied")]
    first, second = fake.deploy().cause.splitlines()
    assert first.startswith("db-dev is in CREATE_FAILED")
    assert second == "  what is still there cannot be read: ListStackResources: no (AccessDenied)"


def test_an_operation_that_begins_before_the_change_set_is_made_makes_it_busy() -> None:
    fake = FakeRun()
    fake.cfn.put("db-dev", "UPDATE_COMPLETE")
    message = "CreateChangeSet: Stack:db-dev is in UPDATE_IN_PROGRESS state and can not be updated. (ValidationError)"
    fake.cfn.trouble["CreateChangeSet"] = [AwsError(message, operation="CreateChangeSet", code="ValidationError")]
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert "something else was executed on it before its change set could be made" in result.cause
