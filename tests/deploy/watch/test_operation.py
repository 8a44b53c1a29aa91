"""Watching to the end: by events, by the status where events fail, and never for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.watch.events import EventTree, OperationFilter
from aurora_cfn.deploy.watch.operation import GRACE, StatusCheck
from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.model.rds_database import Cluster, Instance
from tests.deploy.toys import FakeRun, RecordingListener, changed, stack
from tests.fakes.clock import START, FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.fakes.rds import FakeDatabases, denied

ALWAYS = 10_000
ROOT = "arn:aws:cloudformation:eu-west-1:123456789012:stack/root/1"
INNER = "arn:aws:cloudformation:eu-west-1:123456789012:stack/inner/2"


def test_events_that_may_not_be_read_are_asked_for_once_and_the_status_shows_the_end() -> None:
    fake = FakeRun()
    fake.cfn.trouble["DescribeStackEvents"] = [denied("DescribeStackEvents")] * ALWAYS
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("created", 0)
    assert fake.cfn.count("DescribeStackEvents") == 2, "once, and once more at the end for the last events"
    assert [line for line in fake.listener.lines if "only the stack's status is asked" in line] != []
    assert [event.status for event in fake.listener.events] == ["CREATE_COMPLETE"]


def test_a_failure_that_only_the_status_shows_is_a_failure() -> None:
    fake = FakeRun()
    fake.cfn.fail["Writer"] = "no capacity"
    fake.cfn.trouble["DescribeStackEvents"] = [denied("DescribeStackEvents")] * ALWAYS
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("failed", 5)
    assert "ROLLBACK_COMPLETE" in result.cause


def test_when_neither_may_be_read_it_is_left_running_with_the_way_back() -> None:
    fake = FakeRun()
    fake.cfn.seconds = 600
    read, failing = fake.cfn.stack, denied("DescribeStacks")

    def refused(name: str) -> object:
        if "ExecuteChangeSet" in fake.cfn.calls:
            raise failing
        return read(name)

    fake.cfn.stack = refused  # type: ignore[method-assign, assignment]
    fake.cfn.trouble["DescribeStackEvents"] = [denied("DescribeStackEvents")] * ALWAYS
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert "neither its events nor its status may be read" in result.cause
    assert "--follow" in result.cause
    assert fake.clock.elapsed < 60


@pytest.mark.parametrize("code", ["Unreachable", "Throttling", "ValidationError", "InternalFailure"])
def test_events_that_cannot_be_read_for_any_reason_do_not_hide_the_end(code: str) -> None:
    fake = FakeRun()
    fake.cfn.trouble["DescribeStackEvents"] = [AwsError("no", operation="DescribeStackEvents", code=code)] * ALWAYS
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("created", 0)
    assert fake.clock.elapsed < 120


@pytest.mark.parametrize(
    ("local", "code", "exit_code"), [(True, "Unreachable", 4), (True, "Throttling", 0), (False, "Unreachable", 0)]
)
def test_only_an_emulator_that_no_one_can_reach_has_ended(local: bool, code: str, exit_code: int) -> None:
    fake = FakeRun()
    context = changed(fake.context(), local=local)
    read = fake.cfn.stack
    trouble = [AwsError("no", code=code)] * 20

    def unread(name: str) -> object:
        if trouble and "ExecuteChangeSet" in fake.cfn.calls:
            raise trouble.pop()
        return read(name)

    fake.cfn.stack = unread  # type: ignore[method-assign, assignment]
    fake.cfn.trouble["DescribeStackEvents"] = list(trouble)
    fake.cfn.newest_event = lambda stack: None  # type: ignore[method-assign]
    result = fake.deploy(context=context)
    assert result.exit_code == exit_code, result.cause
    assert ("the emulator has ended" in result.cause) == bool(exit_code)
    assert fake.clock.elapsed < (30 if exit_code else 3600)


def test_events_that_never_come_do_not_hide_the_end() -> None:
    fake = FakeRun()

    def nothing(stack: str, *, since: str | None = None) -> list[StackEvent]:
        return []

    fake.cfn.events = nothing  # type: ignore[method-assign]
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("created", 0)
    assert fake.clock.elapsed < 150
    assert fake.listener.events[-1].reason == "known from the stack's status: its events do not show the end"


def test_a_status_at_rest_that_may_be_from_before_is_not_the_end() -> None:
    clock = FakeClock()
    cfn = FakeCloudFormation(clock)
    check = StatusCheck(cfn, clock, cfn.put("db-dev", "UPDATE_COMPLETE").arn)
    assert check.end() is None, "DescribeStacks is eventually consistent"
    clock.sleep(GRACE)
    end = check.end()
    assert end is not None
    assert (end.status, end.of_stack, end.settled) == ("UPDATE_COMPLETE", True, True)


def test_a_stack_that_is_gone_was_deleted() -> None:
    clock = FakeClock()
    check = StatusCheck(FakeCloudFormation(clock), clock, ROOT)
    check.note_event()
    end = check.end()
    assert end is not None
    assert (end.status, end.stack_name) == ("DELETE_COMPLETE", "root")


def test_a_limit_holds_while_nothing_can_be_read() -> None:
    fake = FakeRun()
    fake.cfn.seconds = 36_000
    unreachable = AwsError("cannot reach AWS", code="Unreachable")
    fake.cfn.trouble["DescribeStackEvents"] = [unreachable] * ALWAYS
    result = fake.deploy(context=fake.context(Choices(timeout=300)))
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert 300 <= fake.clock.elapsed <= 360


def test_an_operation_of_someone_else_before_ours_is_neither_shown_nor_the_end() -> None:
    fake = FakeRun()
    fake.deploy()
    fake.listener.events.clear()
    newest = fake.cfn.newest_event("db-dev")
    (kept,) = fake.cfn._kept.values()
    for status in ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"):
        fake.cfn._tell(kept, "db-dev", kept.stack.arn, STACK_TYPE, status, 0, "User Initiated", "console-1")
    fake.cfn.newest_event = lambda stack: newest  # type: ignore[method-assign]
    assert fake.deploy(Size="2").outcome == "updated"
    assert {event.token for event in fake.listener.events} == {"aurora-cfn-run1"}
    assert fake.listener.events[-1].status == "UPDATE_COMPLETE"


def test_two_runs_of_one_program_know_their_own() -> None:
    fake = FakeRun()
    assert fake.deploy().outcome == "created"
    assert fake.deploy(stack(), Size="2").outcome == "updated"
    assert [event.status for event in fake.listener.events if event.of_stack and event.settled] == [
        "CREATE_COMPLETE", "UPDATE_COMPLETE",
    ]  # fmt: skip


def event(number: int, arn: str, physical: str, status: str, kind: str = STACK_TYPE) -> StackEvent:
    at = START + timedelta(seconds=number)
    return StackEvent(f"e{number}", arn, arn.split("/")[1], "x", physical, kind, status, at)


class Batches(FakeCloudFormation):
    """Answers each question with the next batch of the stack's events."""

    def __init__(self, batches: dict[str, list[list[StackEvent]]]) -> None:
        super().__init__(FakeClock())
        self.batches, self.asked = batches, list[str]()

    def events(self, stack: str, *, since: str | None = None) -> Sequence[StackEvent]:
        self.asked.append(stack)
        return self.batches[stack].pop(0) if self.batches.get(stack) else []


def test_a_nested_stack_is_read_while_it_works_and_its_late_events_at_the_end() -> None:
    begins = event(1, ROOT, ROOT, "UPDATE_IN_PROGRESS")
    touch = event(2, ROOT, INNER, "UPDATE_IN_PROGRESS")
    before = event(0, INNER, INNER, "CREATE_COMPLETE")
    works, done = event(3, INNER, INNER, "UPDATE_IN_PROGRESS"), event(5, INNER, INNER, "UPDATE_COMPLETE")
    resource = event(4, INNER, "topic", "UPDATE_COMPLETE", "AWS::SNS::Topic")
    end, late = event(8, ROOT, ROOT, "UPDATE_COMPLETE"), event(7, INNER, "old", "DELETE_COMPLETE", "AWS::SNS::Topic")
    after = event(9, ROOT, ROOT, "UPDATE_IN_PROGRESS")
    port = Batches({ROOT: [[begins, touch], [], [], [end, after]], INNER: [[before, works], [resource, done], [late]]})
    seen: list[StackEvent] = []
    tree = EventTree(port, ROOT, None, seen.append, OperationFilter("run"))
    assert [tree.read() for _ in range(4)] == [True, True, False, True]
    assert port.asked == [ROOT, INNER, ROOT, INNER, ROOT, ROOT], "what has ended is not asked again"
    assert tree.end is end
    tree.read(everyone=True)
    assert seen == [begins, touch, works, resource, done, end, late]
    assert tree.calls == len(port.asked)


def test_a_nested_stack_that_is_touched_again_is_read_again() -> None:
    down = event(6, ROOT, INNER, "UPDATE_IN_PROGRESS")
    rows = {
        ROOT: [[event(1, ROOT, INNER, "CREATE_IN_PROGRESS")], [], [down]],
        INNER: [[event(2, INNER, INNER, "CREATE_COMPLETE")], [event(7, INNER, INNER, "UPDATE_ROLLBACK_IN_PROGRESS")]],
    }
    port = Batches(rows)
    tree = EventTree(port, ROOT, None, lambda _: None)
    for _ in range(3):
        tree.read()
    assert port.asked == [ROOT, INNER, ROOT, ROOT, INNER]


def test_who_comes_later_reads_on_in_the_nested_stacks_too() -> None:
    touch = event(2, ROOT, INNER, "UPDATE_IN_PROGRESS")
    before, works = event(0, INNER, INNER, "CREATE_COMPLETE"), event(3, INNER, INNER, "UPDATE_IN_PROGRESS")
    port = Batches({INNER: [[before, works]]})
    seen: list[StackEvent] = []
    tree = EventTree(port, ROOT, touch.id, seen.append)
    tree.take_over([event(1, ROOT, ROOT, "UPDATE_IN_PROGRESS"), touch])
    assert tree.read()
    assert port.asked == [ROOT, INNER]
    assert seen == [works]


class Timed(RecordingListener):
    """Keeps when it noted the last event of each status."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.clock, self.at = clock, dict[str, float]()

    def event(self, key: str, event: StackEvent) -> None:
        self.at[event.status] = self.clock.elapsed


def test_a_cancellation_is_followed_at_once_although_rds_is_at_work() -> None:
    fake = FakeRun()
    fake.deploy()
    fake.cfn.seconds = 600
    writer = Instance("db-dev-writer", "modifying", "aurora-postgresql", "17.5", cluster="db-dev-cluster")
    cluster = Cluster("db-dev-cluster", "arn", "modifying", "aurora-postgresql", "17.5")
    rds = FakeDatabases(clusters={"db-dev-cluster": cluster}, instances={"db-dev-writer": writer})
    listener = Timed(fake.clock)
    began = fake.clock.elapsed
    result = fake.deploy(
        context=changed(fake.context(Choices(timeout=120)), databases=rds, listener=listener), Size="2"
    )
    assert "cancelled after 2 minutes" in result.cause
    assert 120 <= listener.at["UPDATE_ROLLBACK_IN_PROGRESS"] - began < 120 + 10 + 2, "a turn at the latest"
