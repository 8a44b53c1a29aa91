"""Coming back to what an earlier run of this program began, and leaving alone what others began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.plan.make import plan_stack
from aurora_cfn.deploy.resume import LAG
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.model.ownership import Owner, with_suffix
from tests.deploy.toys import TEMPLATE, FakeRun, changed, stack
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.fakes.rds import denied

LEFT = "aurora-cfn-20260101T000000-00000000"


def begun(fake: FakeRun, token: str = LEFT, size: str = "1") -> None:
    """An operation of another user on the stack, just begun."""
    kind = "UPDATE" if fake.cfn.names() else "CREATE"
    description = with_suffix("aurora-cfn deploy --env dev at 0123abcd by arn:me", Owner("0123456789ab", 7, "9").suffix)
    request = ChangeSetRequest("db-dev", token, kind, TEMPLATE, parameters={"Size": size}, description=description)  # type: ignore[arg-type]
    fake.cfn.execute_change_set(fake.cfn.create_change_set(request).arn, token=token)
    fake.cfn.calls.clear()


def up() -> FakeRun:
    fake = FakeRun()
    assert fake.deploy(Size="1").outcome == "created"
    fake.plans.clear()
    fake.listener.lines.clear()
    return fake


def test_a_creation_of_ours_is_followed_and_needs_nothing_more() -> None:
    fake = FakeRun()
    begun(fake)
    result = fake.deploy(Size="1")
    assert (result.outcome, result.exit_code) == ("unchanged", 0)
    assert result.touched, "so its databases prove themselves as they would have at the end of the earlier run"
    assert [event.id for event in result.events] == [event.id for event in fake.listener.events], "for the timeline"
    assert not fake.deploy(Size="1").touched, "no database is woken up again"
    assert result.stack is not None
    assert {row.key for row in result.stack.outputs} == {"Name", "Size"}
    assert "ExecuteChangeSet" not in fake.cfn.calls
    assert fake.plans == []
    assert fake.listener.lines[0] == (
        "db: an earlier run of aurora-cfn is still creating it (deploy --env dev at 0123abcd by arn:me): watching"
    )
    ids = [event.id for event in fake.listener.events]
    assert len(ids) == len(set(ids)) > 2
    first = fake.listener.events[0]
    assert (first.of_stack, first.status) == (True, "CREATE_IN_PROGRESS"), "what happened before is shown too"


def test_after_an_update_of_ours_what_still_differs_is_shown_and_executed() -> None:
    fake = up()
    begun(fake, size="2")
    result = fake.deploy(Size="3")
    assert result.outcome == "updated", result.cause
    assert len(fake.plans) == 1
    assert fake.cfn.count("ExecuteChangeSet") == 1
    assert fake.cfn.stack("db-dev").parameters["Size"] == "3"  # type: ignore[union-attr]


@pytest.mark.parametrize("asked", [True, False])
def test_an_update_of_ours_that_fails_is_shown_and_the_next_one_is_approved_as_ever(asked: bool) -> None:
    fake = up()
    # Where CloudFormation may not be asked for the failures, they are known from its events.
    fake.cfn.trouble["DescribeEvents"] = [] if asked else [denied("DescribeEvents")]
    fake.cfn.fail["Writer"] = "no capacity"
    begun(fake, size="2")
    fake.cfn.fail.clear()
    fake.answer = False
    assert fake.deploy(Size="2").outcome == "declined"
    assert len(fake.plans) == 1
    assert "ExecuteChangeSet" not in fake.cfn.calls
    assert any("what the earlier run began failed" in line and "no capacity" in line for line in fake.listener.lines)


def test_a_creation_of_ours_that_fails_is_deleted_and_made_again_after_consent() -> None:
    fake = FakeRun()
    fake.cfn.fail["Writer"] = "no capacity"
    begun(fake)
    fake.cfn.fail.clear()
    assert fake.deploy(Size="1").outcome == "created"
    assert len(fake.questions) == 1


def test_a_deletion_of_ours_is_followed_and_the_stack_is_made_anew() -> None:
    fake = up()
    fake.cfn.delete_stack("db-dev", token=f"{LEFT}-delete")
    assert fake.deploy(Size="1").outcome == "created"
    assert fake.listener.lines[0] == "db: an earlier run of aurora-cfn is still deleting it: watching"
    assert not [line for line in fake.listener.lines if "failed" in line]


@pytest.mark.parametrize("token", ["", "Console-UpdateStack-1", "aurora-cfn", "x-aurora-cfn-1"])
def test_what_others_began_is_not_waited_for(token: str) -> None:
    fake = up()
    begun(fake, token, size="2")
    before = fake.clock.monotonic()
    result = fake.deploy(Size="3")
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert "events --env dev --stack db --follow" in result.cause
    assert fake.clock.monotonic() == before
    assert fake.cfn.calls == ["DescribeStacks", "DescribeStackEvents"]


def test_who_only_looks_does_not_wait() -> None:
    fake = up()
    begun(fake, size="2")
    before = fake.clock.monotonic()
    looked = fake.deploy(context=fake.context(Choices(dry_run=True)), Size="3")
    planned = plan_stack(fake.context(), stack(), lambda _: {"Size": "3"}, fake.approve, lambda _: None)
    for result in (looked, planned):
        assert (result.outcome, result.exit_code) == ("detached", 7)
        assert "events --env dev --stack db --follow" in result.cause
    assert fake.clock.monotonic() == before
    assert set(fake.cfn.calls) == {"DescribeStacks"}


def test_who_leaves_meanwhile_disturbs_nothing() -> None:
    fake = up()
    begun(fake, size="2")
    leaving = changed(fake.context(), stopping=lambda: fake.cfn.count("DescribeStackEvents") > 2)
    result = fake.deploy(context=leaving, Size="3")
    assert result.exit_code == 7
    assert "still running" in result.cause
    assert "events --env dev --stack db --follow" in result.cause
    assert set(fake.cfn.calls) <= {"DescribeStacks", "DescribeStackEvents", "DescribeChangeSet"}
    fake.clock.sleep(600)
    assert fake.cfn.stack("db-dev").parameters["Size"] == "2"  # type: ignore[union-attr]


def test_a_time_limit_ends_the_watching_only() -> None:
    fake = up()
    begun(fake, size="2")
    result = fake.deploy(context=fake.context(Choices(timeout=5)), Size="3")
    assert result.exit_code == 7
    assert "another run began it, so it continues" in result.cause
    assert "CancelUpdateStack" not in fake.cfn.calls


class Lagging(FakeCloudFormation):
    """The first readings, as many as `lag`, do not know of what has just begun."""

    lag = 0

    def events(self, stack: str, *, since: str | None = None) -> Sequence[StackEvent]:
        found = super().events(stack, since=since)
        self.lag -= 1
        return [event for event in found if event.token != LEFT] if self.lag >= 0 else found


@pytest.mark.parametrize("lag", [1, 2, 3])
@pytest.mark.parametrize("creates", [True, False])
def test_events_that_lag_behind_the_stack_are_read_again(lag: int, creates: bool) -> None:
    fake = FakeRun(FakeClock())
    fake.cfn = cfn = Lagging(fake.clock)
    if not creates:
        assert fake.deploy(Size="1").outcome == "created"
    begun(fake, size="2")
    cfn.lag = lag
    fake.clock.sleeps.clear()
    assert fake.deploy(Size="2").outcome == "unchanged"
    assert any(f"still {'creating' if creates else 'updating'} it" in line for line in fake.listener.lines)
    # At once for the first time, and then after a while.
    assert fake.clock.sleeps[:lag] == [0, LAG, LAG][:lag]


@pytest.mark.parametrize(
    ("description", "refused"),
    [("", False), (Owner("0123456789ab", 7, "9").suffix, False), ("aurora-cfn deploy", True)],
)
def test_who_began_it_is_left_out_where_it_is_not_known(description: str, refused: bool) -> None:
    fake = FakeRun()
    begun(fake)
    (arn, found), *_ = fake.cfn._executed.items()
    fake.cfn._executed[arn] = replace(found, description=description)
    fake.cfn.trouble["DescribeChangeSet"] = [denied("DescribeChangeSet")] if refused else []
    assert fake.deploy(Size="1").outcome == "unchanged"
    assert fake.listener.lines[0] == "db: an earlier run of aurora-cfn is still creating it: watching"


def test_a_nested_stack_that_was_touched_before_is_watched_too() -> None:
    fake = FakeRun()
    begun(fake)
    (root,) = fake.cfn._kept.values()
    below = fake.cfn.put("db-dev-Data-1", "CREATE_IN_PROGRESS")
    fake.cfn._tell(root, "Data", below.arn, STACK_TYPE, "CREATE_IN_PROGRESS", 0, "", LEFT)
    inner = fake.cfn._kept[below.arn]
    fake.cfn._tell(inner, "Inner", "inner-id", "AWS::SNS::Topic", "CREATE_COMPLETE", 5, "", LEFT)
    root.events.sort(key=lambda event: event.at)
    assert fake.deploy(Size="1").outcome == "unchanged"
    assert "Inner" in [event.logical_id for event in fake.listener.events]
