"""Time limits, interrupts, cancellation, and what happened last."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.watch.events import ended, last_operation
from aurora_cfn.deploy.watch.limit import Limit
from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from tests.deploy.toys import FakeRun
from tests.fakes.clock import START


def test_an_update_that_takes_too_long_is_cancelled_once_and_watched_to_its_end() -> None:
    fake = FakeRun()
    fake.deploy()
    fake.cfn.seconds = 600
    result = fake.deploy(context=fake.context(Choices(timeout=120)), Size="2")
    assert (result.outcome, result.exit_code) == ("failed", 5)
    assert "cancelled after 2 minutes (--timeout): it ended in UPDATE_ROLLBACK_COMPLETE" in result.cause
    assert fake.cfn.count("CancelUpdateStack") == 1
    assert "db: cancelling the update after 2 minutes (--timeout)" in fake.listener.lines


def test_the_time_is_over_at_the_limit_itself_and_never_without_one() -> None:
    fake = FakeRun()
    fake.clock.sleep(1000)
    limits = [Limit(fake.context(Choices(timeout=given)), "db", "arn") for given in (120, None)]
    fake.clock.sleep(119)
    assert [one.over for one in limits] == [False, False]
    fake.clock.sleep(1)
    assert [one.over for one in limits] == [True, False]


@pytest.mark.parametrize("fails", [True, False])
def test_an_update_that_cannot_be_cancelled_ends_as_it_ends(fails: bool) -> None:
    fake = FakeRun()
    fake.deploy()
    fake.cfn.seconds = 600
    refusal = AwsError("CancelUpdateStack: no (AccessDenied)", code="AccessDenied")
    fake.cfn.trouble["CancelUpdateStack"] = [refusal]
    if fails:
        fake.cfn.fail["Writer"] = "Cluster is too small"
    result = fake.deploy(context=fake.context(Choices(timeout=120)), Size="2")
    assert fake.cfn.count("CancelUpdateStack") == 1
    assert "db: warning: could not cancel: CancelUpdateStack: no (AccessDenied)" in fake.listener.lines
    assert (result.outcome, "Cluster is too small" in result.cause) == ("failed" if fails else "updated", fails)
    assert "cancelled" not in result.cause


def test_a_creation_that_takes_too_long_is_left_running() -> None:
    fake = FakeRun()
    fake.cfn.seconds = 600
    result = fake.deploy(context=fake.context(Choices(timeout=120)))
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert "events --env dev --stack db --follow" in result.cause
    assert fake.cfn.count("CancelUpdateStack") == 0
    assert fake.cfn.stack("db-dev").status == "CREATE_IN_PROGRESS"  # type: ignore[union-attr]


def test_without_a_limit_nothing_is_ever_cancelled() -> None:
    fake = FakeRun()
    fake.cfn.seconds = 36_000
    assert fake.deploy().outcome == "created"


def test_who_leaves_is_shown_how_to_come_back() -> None:
    fake = FakeRun()
    fake.cfn.seconds = 600

    def leave(seconds: float) -> None:
        fake.stop = True

    fake.clock.sleep = leave  # type: ignore[method-assign]
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert "the operation continues" in result.cause


def event(number: int, status: str, reason: str = "") -> StackEvent:
    arn = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db/1"
    at = START + timedelta(seconds=number)
    return StackEvent(f"e{number}", arn, "db", "db", arn, STACK_TYPE, status, at, reason)


def test_a_rollback_by_itself_belongs_to_the_operation_and_one_by_hand_is_its_own() -> None:
    events = [
        event(1, "CREATE_IN_PROGRESS"), event(2, "CREATE_COMPLETE"), event(3, "UPDATE_IN_PROGRESS"),
        event(4, "UPDATE_ROLLBACK_IN_PROGRESS", "The following resource(s) failed"),
        event(5, "UPDATE_ROLLBACK_FAILED", "no"),
    ]  # fmt: skip
    assert last_operation(events) == events[2:]
    assert ended(last_operation(events)) == events[-1]
    again = [*events, event(6, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")]
    assert last_operation(again) == again[5:]
    assert ended(last_operation(again)) is None
