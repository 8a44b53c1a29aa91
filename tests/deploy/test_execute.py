"""Executing a change set: what is ordered, what is taken back, and in which words it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.execute import Execution
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.stack import Stack
from tests.deploy.toys import FakeRun, stack
from tests.fakes.clock import START

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev/1"
RUNNING = Stack(ARN, "db-dev", "UPDATE_COMPLETE")


def ordered(fake: FakeRun) -> list[bool | None]:
    """What each execution says of a rollback, from here on."""
    said: list[bool | None] = []
    execute = fake.cfn.execute_change_set

    def spy(arn: str, *, token: str, disable_rollback: bool | None = False) -> None:
        said.append(disable_rollback)
        execute(arn, token=token, disable_rollback=disable_rollback)

    fake.cfn.execute_change_set = spy  # type: ignore[method-assign]
    return said


@pytest.mark.parametrize(
    ("existing", "choices", "said"),
    [
        (False, Choices(), False),
        (True, Choices(), False),
        (False, Choices(disable_rollback=True), True),
        (True, Choices(disable_rollback=True), True),
        # The change set of a creation says already what becomes of a failure, and AWS takes one word only.
        (False, Choices(on_failure="DELETE"), None),
        (False, Choices(on_failure="DO_NOTHING"), None),
        (True, Choices(on_failure="DELETE"), False),
    ],
)
def test_what_becomes_of_a_failure_is_said_exactly_once(existing: bool, choices: Choices, said: bool | None) -> None:
    fake = FakeRun()
    if existing:
        fake.deploy(Size="1")
    heard = ordered(fake)
    assert fake.deploy(context=fake.context(choices), Size="2").good
    assert heard == [said]


@pytest.mark.parametrize(
    ("message", "choices", "said"),
    [
        ("DELETE", Choices(), None),
        ("", Choices(), False),
        ("", Choices(on_failure="DELETE"), None),
        # Refused by AWS, and that is the person's to see: both were asked for.
        ("DELETE", Choices(disable_rollback=True), True),
    ],
)
def test_a_change_set_that_was_planned_is_believed(message: str, choices: Choices, said: bool | None) -> None:
    fake = FakeRun()
    change_set = ChangeSet("arn:set", "set", ARN, "CREATE_COMPLETE", "AVAILABLE", on_failure=message)
    execution = Execution(fake.context(choices), StackPlan(stack(), {}, None, change_set))
    assert execution._disable_rollback(change_set) == said


@pytest.mark.parametrize(("operation", "taken_back"), [("ExecuteChangeSet", 1), ("", 0)])
def test_a_change_set_is_taken_back_only_when_the_order_was_refused(operation: str, taken_back: int) -> None:
    fake = FakeRun()
    fake.cfn.fail["Writer"] = "no"
    if operation:
        fake.cfn.trouble[operation] = [AwsError("no (AccessDenied)", code="AccessDenied")]
    assert not fake.deploy().good
    assert fake.cfn.count("DeleteChangeSet") == taken_back


def test_how_much_changes_is_shown_at_the_start() -> None:
    fake = FakeRun()
    fake.deploy()
    assert fake.listener.lines[0] == "db: 2 resources"


def event(
    status: str, reason: str = "", logical: str = "", at: int = 0, arn: str = ARN, type_: str = "AWS::RDS::DBCluster"
) -> StackEvent:
    name = arn.split("/")[1]
    type_ = type_ if logical else STACK_TYPE
    physical = f"{name}-{logical.lower()}" if logical else arn
    moment = START + timedelta(seconds=at)
    return StackEvent(f"{name}{at}", arn, name, logical or name, physical, type_, status, moment, reason)


CANCELLED = event("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated", at=5)
STOPPED = event("UPDATE_FAILED", "Resource update cancelled", "Writer", at=6)
TRUE = event("UPDATE_FAILED", "the cluster is not available", "Cluster", at=4)
AFTER = event("UPDATE_FAILED", "the cluster is not available", "Cluster", at=7)


@pytest.mark.parametrize(
    ("events", "start"),
    [
        ([CANCELLED], "db-dev: the update was cancelled: it ended in UPDATE_ROLLBACK_COMPLETE"),
        ([CANCELLED, STOPPED], "db-dev: the update was cancelled: it ended in UPDATE_ROLLBACK_COMPLETE"),
        ([event("ROLLBACK_IN_PROGRESS", "User Initiated")], "db-dev: the update was cancelled"),
        ([TRUE, CANCELLED], "Cluster (AWS::RDS::DBCluster): the cluster is not available"),
        ([CANCELLED, AFTER], "Cluster (AWS::RDS::DBCluster): the cluster is not available"),
        ([TRUE, replace(CANCELLED, reason="")], "Cluster (AWS::RDS::DBCluster): the cluster is not available"),
        (
            [replace(CANCELLED, reason="The alarm cpu went off"), STOPPED],
            "db-dev (AWS::CloudFormation::Stack): The alarm",
        ),
        # By hand, but no rollback: the beginning of everything.
        ([event("UPDATE_IN_PROGRESS", "User Initiated"), STOPPED], "Writer (AWS::RDS::DBCluster): Resource update"),
        ([], "db-dev ended in UPDATE_ROLLBACK_COMPLETE: CloudFormation gave no reason"),
    ],
)
def test_only_what_has_no_other_cause_was_cancelled(events: list[StackEvent], start: str) -> None:
    fake = FakeRun()
    change_set = ChangeSet("arn:set", "set", ARN, "CREATE_COMPLETE", "AVAILABLE")
    execution = Execution(fake.context(), StackPlan(stack(), {}, RUNNING, change_set), events=events)
    ended = event("UPDATE_ROLLBACK_COMPLETE", at=9)
    stopping: Any = type("Stopping", (), {"cancelled": False})
    assert execution._why(ended, stopping).startswith(start)


@pytest.mark.parametrize(
    ("choices", "code"),
    [(Choices(), 5), (Choices(disable_rollback=True), 10), (Choices(on_failure="DO_NOTHING"), 10)],
)
def test_a_stack_that_is_stuck_ends_with_a_code_of_its_own(choices: Choices, code: int) -> None:
    fake = FakeRun()
    fake.cfn.fail["Writer"] = "no"
    result = fake.deploy(context=fake.context(choices))
    assert (result.outcome, result.exit_code) == ("failed", code)
