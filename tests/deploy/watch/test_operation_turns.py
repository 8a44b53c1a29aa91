"""Each turn of a watch: what it asks, how soon again, and what it says of readings that fail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from aurora_cfn.deploy.watch.events import EventTree
from aurora_cfn.deploy.watch.operation import EVERY, LOCAL_LONGEST, StatusCheck, Watch
from aurora_cfn.deploy.watch.pace import SHORTEST, Budget, Interference, Pace
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.model.stack import Stack
from tests.fakes.clock import START, FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.fakes.rds import denied

ROOT = "arn:aws:cloudformation:eu-west-1:123456789012:stack/root/1"
INNER = "arn:aws:cloudformation:eu-west-1:123456789012:stack/inner/2"
NO = denied("DescribeStackEvents")
AWAY, SLOW = AwsError("no way there", code="Unreachable"), AwsError("Rate exceeded", code="Throttling")
BUSY, DONE = Stack(ROOT, "root", "UPDATE_IN_PROGRESS"), Stack(ROOT, "root", "UPDATE_COMPLETE")
BLIND = "only the stack's status is asked from here on"
AGAIN = "(it continues; asking again)"


def happened(number: int, physical: str = "t", status: str = "UPDATE_COMPLETE", of: str = ROOT) -> StackEvent:
    kind = STACK_TYPE if physical.startswith("arn:") else "AWS::SNS::Topic"
    at = START + timedelta(seconds=number)
    return StackEvent(f"e{number}", of, of.split("/")[1], "x", physical, kind, status, at)


class Scene(FakeCloudFormation):
    """Answers each question with the next answer given for it, and with nothing new after the last one."""

    def __init__(self, *readings: Any, statuses: Sequence[Any] = ()) -> None:
        super().__init__(FakeClock())
        self.readings, self.statuses = list(readings), list(statuses)
        self.asked: list[str] = []
        self.warned: list[str] = []
        self.seen: list[StackEvent] = []

    def events(self, stack: str, *, since: str | None = None) -> Sequence[StackEvent]:
        self.asked.append("events" if stack == ROOT else "inner")
        found: Sequence[StackEvent] = self._next(self.readings, [])
        return found

    def stack(self, name: str) -> Stack | None:
        self.asked.append("status")
        found: Stack | None = self._next(self.statuses, BUSY)
        return found

    def _next(self, answers: list[Any], otherwise: Any) -> Any:
        answer = answers.pop(0) if answers else otherwise
        if isinstance(answer, AwsError):
            raise answer
        return answer

    def watch(self, **more: Any) -> Watch:
        tree = EventTree(self, ROOT, None, self.seen.append)
        check = StatusCheck(self, self.clock, ROOT)
        return Watch(tree, check, self.clock, self.warned.append, pace=Pace(dice=lambda: 1.0), **more)


@pytest.mark.parametrize(
    ("readings", "statuses", "asked", "warned"),
    [
        # What may not be read is asked for once; the status is asked every second in its place.
        ([NO], [], ["events", "status", "status"], [BLIND]),
        ([NO], [AWAY, SLOW], ["events", "status", "status"], [BLIND, AGAIN]),
        # What fails for another reason is asked for again, and the status each second time once it fails often.
        ([AWAY] * 9, [AWAY] * 9, ["events", "events", "events", "status", "events", "status"], [AGAIN] * 6),
        ([AWAY] * 9, [], ["events", "events", "events", "status", "events", "events", "events", "status"], [AGAIN] * 6),
        ([AWAY, [], AWAY, AWAY], [], ["events"] * 5, [AGAIN] * 3),
        # The status that may not be asked is nothing to give up for while events may come again.
        ([AWAY] * 3, [NO], ["events", "events", "events", "status"], [*[AGAIN] * 3, BLIND]),
        # Of throttled questions only each fifth in a row is shown.
        ([SLOW] * 9, [SLOW] * 9, ["events", "events", "events", "status"], []),
        ([SLOW] * 9, [SLOW] * 9, ["events", "events", "events", "status", "events", "status"], [AGAIN]),
    ],
)
def test_what_is_asked_and_said_while_readings_fail(
    readings: list[Any], statuses: list[Any], asked: list[str], warned: list[str]
) -> None:
    scene = Scene(*readings, statuses=statuses)
    watch = scene.watch()
    while len(scene.asked) < len(asked):
        turn = watch.look()
        assert (turn.end, turn.calls <= 1) == (None, True)
        scene.clock.sleep(turn.wait)
    assert scene.asked == asked
    assert [BLIND if BLIND in line else AGAIN if AGAIN in line else line for line in scene.warned] == warned


@pytest.mark.parametrize(
    ("error", "waits", "throttled"), [(AWAY, [2.0, 4.0, 8.0], False), (SLOW, [2.0, 4.0, 8.0], True), (NO, [1.0], False)]
)
def test_how_soon_a_failed_reading_is_tried_again(error: AwsError, waits: list[float], throttled: bool) -> None:
    scene = Scene(*[error] * len(waits))
    watch = scene.watch()
    for wait in waits:
        turn = watch.look()
        assert (turn.wait, turn.throttled) == (wait, throttled)
        idle = watch.look()
        assert (idle.calls, idle.throttled) == (0, False), "nothing was asked, so that nothing was throttled"
        scene.clock.sleep(wait)
    assert not watch.look().throttled


@pytest.mark.parametrize(("local", "waits"), [(True, {0.2, LOCAL_LONGEST}), (False, {0.2, 0.3, 0.4, 0.5, SHORTEST})])
def test_an_emulator_is_read_often_all_the_time(local: bool, waits: set[float]) -> None:
    scene = Scene()
    watch, found = scene.watch(local=local), set()
    while scene.clock.elapsed < 8:
        wait = watch.look().wait
        found.add(round(wait, 3))
        scene.clock.sleep(wait)
    assert found <= waits | {0.1}


@pytest.mark.parametrize(
    ("readings", "statuses", "message"),
    [
        ([AwsError("expired", code="ExpiredToken")], [], "still running, but no longer watched: expired"),
        ([NO], [NO], "still running, but neither its events nor its status may be read"),
        ([NO], [AwsError("expired", code="ExpiredToken")], "still running, but no longer watched: expired"),
    ],
)
def test_when_the_end_cannot_be_known(readings: list[Any], statuses: list[Any], message: str) -> None:
    scene = Scene(*readings, statuses=statuses)
    watch = scene.watch()
    for _ in range(len(readings) + len(statuses) - 1):
        scene.clock.sleep(watch.look().wait)
    with pytest.raises(BusyError, match=message):
        watch.look()


class Unlimited(Budget):
    """Every call fits."""

    def spend(self, calls: int) -> None:
        pass


def test_who_interferes_is_heard_at_once_and_once() -> None:
    scene, interference = Scene(), Interference()
    watch = scene.watch(interference=interference, budget=Unlimited())
    while scene.clock.elapsed < 300:
        scene.clock.sleep(watch.look().wait)
    watch.look()
    assert watch.look().wait > 2 * SHORTEST
    before = len(scene.asked)
    interference.count = 1
    assert [watch.look().calls for _ in range(3)] == [1, 0, 0]
    assert len(scene.asked) == before + 1
    assert watch.look().wait == SHORTEST, "it is as lively as if something had happened"


def test_a_round_that_interferes_is_heard_in_the_same_turn() -> None:
    scene, interference = Scene(), Interference()

    def cancel() -> None:
        interference.count = 1

    watch = scene.watch(interference=interference, rounds=[cancel])
    assert [watch.look().wait for _ in range(2)] == [0.0, 0.2]


END = happened(9, ROOT)


@pytest.mark.parametrize(
    ("readings", "statuses", "asked", "end", "warned"),
    [
        ([[happened(1), END]], [], ["events"], "e9", 0),
        # What is below is read once more, for what comes late.
        ([[happened(1, INNER, "UPDATE_IN_PROGRESS"), END], [], [], [happened(3, of=INNER)]], [],
         ["events", "inner", "events", "inner"], "e9", 0),
        # Also where it had ended before.
        ([[happened(1, INNER, "UPDATE_IN_PROGRESS")], [happened(2, INNER, of=INNER)], [END], [],
          [happened(3, of=INNER)]], [], ["events", "inner", "events", "events", "inner"], "e9", 0),
        ([[happened(1, INNER, "UPDATE_IN_PROGRESS"), END], [], AWAY], [], ["events", "inner", "events"], "e9", 1),
        # Known from the status: the events may still show it in the end.
        ([NO, [happened(1), END]], [BUSY, DONE], ["events", "status", "status", "events"], "e9", 1),
        ([NO, NO], [BUSY, DONE], ["events", "status", "status", "events"], "status-UPDATE_COMPLETE", 2),
    ],
)  # fmt: skip
def test_the_end_and_what_is_read_after_it(
    readings: list[Any], statuses: list[Any], asked: list[str], end: str, warned: int
) -> None:
    scene = Scene(*readings, statuses=statuses)
    watch, found = scene.watch(), None
    while found is None:
        before = len(scene.asked)
        turn = watch.look()
        assert turn.calls == len(scene.asked) - before
        found = turn.end
        scene.clock.sleep(turn.wait)
    assert (found.id, scene.asked, len(scene.warned)) == (end, asked, warned)
    assert [one.id for one in scene.seen].count(end) == 1
    late = [line for line in scene.warned if "the last events could not be read" in line]
    assert bool(late) == (readings[-1] in (AWAY, NO))


def test_while_events_come_the_status_is_not_asked() -> None:
    scene = Scene(*([happened(number)] for number in range(500)))
    watch = scene.watch()
    while scene.clock.elapsed < 2 * EVERY:
        scene.clock.sleep(watch.look().wait)
    assert set(scene.asked) == {"events"}
