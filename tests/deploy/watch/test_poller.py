"""A few threads for many watches: their budget, their fairness, and that no watch waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.deploy.watch.pace import Turn
from aurora_cfn.deploy.watch.poller import ASKERS, BRAKE, BURST, CALLS_PER_SECOND, SLOWEST, Poller
from aurora_cfn.errors import BusyError
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from tests.fakes.clock import START, FakeClock

END = StackEvent("e", "arn", "s", "s", "arn", STACK_TYPE, "CREATE_COMPLETE", START)


@dataclass(slots=True)
class Counting:
    """Ends after so many turns; keeps the moment and the thread of each."""

    clock: FakeClock
    turns: int
    wait: float = 1.0
    throttled: int = 0
    fails: BaseException | None = None
    at: list[float] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)

    def look(self) -> Turn:
        self.at.append(self.clock.monotonic())
        self.threads.add(threading.current_thread().name)
        if self.fails is not None:
            raise self.fails
        end = END if len(self.at) >= self.turns else None
        return Turn(self.wait, end=end, throttled=len(self.at) <= self.throttled)


def together(watches: list[Counting], clock: FakeClock) -> list[BaseException | None]:
    """All watched side by side, and let go at once; what each was given instead of its end."""
    poller, ready = Poller(), threading.Barrier(len(watches))

    def wait(watch: Counting) -> BaseException | None:
        ready.wait()
        try:
            assert poller.until_end(watch, clock) is END
        except BaseException as error:
            return error
        return None

    with ThreadPoolExecutor(len(watches)) as pool:
        return list(pool.map(wait, watches))


def test_one_watch_has_its_turns_when_it_wants_them() -> None:
    clock = FakeClock()
    watch = Counting(clock, 4, wait=2.5)
    assert Poller().until_end(watch, clock) is END
    assert watch.at == pytest.approx([0.1, 2.6, 5.1, 7.6]), "the first one when there may be something to see"


def test_a_few_threads_serve_all_and_are_gone_when_nothing_is_watched() -> None:
    clock = FakeClock()
    watches = [Counting(clock, 20) for _ in range(16)]
    assert together(watches, clock) == [None] * 16
    assert {name for watch in watches for name in watch.threads} == {"poller"}
    for thread in threading.enumerate():
        if thread.name == "poller":
            thread.join(5)
            assert not thread.is_alive()


def test_sixteen_together_ask_no_oftener_than_the_budget_and_none_is_forgotten() -> None:
    clock = FakeClock()
    watches = [Counting(clock, 20, wait=0.1) for _ in range(16)]
    together(watches, clock)
    moments = sorted(at for watch in watches for at in watch.at)
    assert len(moments) == 16 * 20
    for number, at in enumerate(moments):
        assert number <= len(watches) + BURST + at * CALLS_PER_SECOND + 1e-6
    assert max(len(watch.at) for watch in watches) == 20, "calls of one do not grow with the number of all"


def test_throttling_of_one_slows_all_and_is_forgotten_slowly() -> None:
    clock = FakeClock()
    watch = Counting(clock, 40, wait=0.0, throttled=10)
    Poller().until_end(watch, clock)
    gaps = [after - before for before, after in pairwise(watch.at)]
    assert max(gaps) == pytest.approx(SLOWEST / CALLS_PER_SECOND)
    assert gaps[:3] == pytest.approx([BRAKE**number / CALLS_PER_SECOND for number in (1, 2, 3)])
    assert gaps[-1] == pytest.approx(1 / CALLS_PER_SECOND)


@pytest.mark.parametrize("error", [BusyError("left"), AssertionError("ours"), KeyboardInterrupt()])
def test_what_one_raises_is_raised_to_who_waits_for_it_and_to_no_one_else(error: BaseException) -> None:
    clock = FakeClock()
    watches = [Counting(clock, 5), Counting(clock, 5, fails=error), Counting(clock, 5)]
    assert together(watches, clock) == [None, error, None]


def test_a_poller_can_be_used_again_after_it_was_idle() -> None:
    clock, poller = FakeClock(), Poller()
    for _ in range(3):
        assert poller.until_end(Counting(clock, 2), clock) is END


@dataclass(slots=True)
class Stuck:
    """Its answer does not come before it is let go."""

    free: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)

    def look(self) -> Turn:
        self.asked.set()
        assert self.free.wait(5)
        return Turn(0, end=END)


def test_an_answer_that_does_not_come_keeps_no_one_else_waiting_and_few_wait_at_once() -> None:
    clock, poller, stuck = FakeClock(), Poller(), [Stuck() for _ in range(ASKERS + 1)]
    with ThreadPoolExecutor(ASKERS + 2) as pool:
        waiting = [pool.submit(poller.until_end, watch, clock) for watch in stuck[: ASKERS - 1]]
        assert all(watch.asked.wait(5) for watch in stuck[: ASKERS - 1])
        assert pool.submit(poller.until_end, Counting(clock, 9), clock).result(5) is END
        waiting += [pool.submit(poller.until_end, watch, clock) for watch in stuck[ASKERS - 1 :]]
        assert stuck[ASKERS - 1].asked.wait(5) or stuck[ASKERS].asked.wait(5)
        assert sum(watch.asked.is_set() for watch in stuck) == ASKERS
        for watch in stuck:
            watch.free.set()
        assert [result.result(5) for result in waiting] == [END] * (ASKERS + 1)


@dataclass(slots=True)
class Waiting:
    """Wants its next turn in an hour; gives up when asked to."""

    begun: threading.Event = field(default_factory=threading.Event)
    leaves: Callable[[], bool] = lambda: False

    def look(self) -> Turn:
        self.begun.set()
        if self.leaves():
            raise BusyError("left")
        return Turn(3600)


def test_waking_the_clock_gives_everyone_a_turn_at_once() -> None:
    clock, poller, left = SystemClock(), Poller(), threading.Event()
    watches = [Waiting(leaves=left.is_set) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        results = [pool.submit(poller.until_end, watch, clock) for watch in watches]
        assert all(watch.begun.wait(5) for watch in watches)
        left.set()
        clock.wake()
        for result in results:
            with pytest.raises(BusyError, match="left"):
                result.result(5)


def test_a_new_watch_does_not_wait_for_the_others() -> None:
    clock, poller, left = SystemClock(), Poller(), threading.Event()
    first = Waiting(leaves=left.is_set)
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(poller.until_end, first, clock)
        assert first.begun.wait(5)
        second = Counting(FakeClock(), 1)
        assert pool.submit(poller.until_end, second, clock).result(5) is END
        left.set()
        clock.wake()
        with pytest.raises(BusyError):
            waiting.result(5)


class Broken(FakeClock):
    """A clock that must not be waited on."""

    def wait_for(self, seconds: float, bell: threading.Event) -> None:
        raise OSError("no clock")


def test_when_waiting_fails_no_one_waits_for_ever() -> None:
    poller = Poller()
    for _ in range(2):
        with pytest.raises(OSError, match="no clock"):
            poller.until_end(Counting(FakeClock(), 2), Broken())
    assert poller.until_end(Counting(FakeClock(), 2), FakeClock()) is END


def test_who_interferes_during_a_turn_gives_another_one_at_once() -> None:
    poller, clock = Poller(), FakeClock()

    class Interfered(Counting):
        def look(self) -> Turn:
            turn = super().look()
            if len(self.at) == 2:
                poller.wake_all()
            return turn

    watch = Interfered(clock, 4, wait=1000)
    assert poller.until_end(watch, clock) is END
    first, second, third, last = watch.at
    assert (second - first, third - second, last - third) == pytest.approx((1000, 0, 1000))


def test_who_interferes_gives_everyone_a_turn_at_once() -> None:
    clock, poller = SystemClock(), Poller()
    watches = [Waiting(leaves=lambda: poller.interference.count > 0) for _ in range(ASKERS + 2)]
    with ThreadPoolExecutor(len(watches)) as pool:
        results = [pool.submit(poller.until_end, watch, clock) for watch in watches]
        assert all(watch.begun.wait(5) for watch in watches)
        poller.wake_all()
        for result in results:
            with pytest.raises(BusyError, match="left"):
                result.result(5)
