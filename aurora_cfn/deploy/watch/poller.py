"""The few threads that ask for all operations of a run, so that many stacks cost no more than each alone.

Every watch is kept with the time at which it wants its next turn. One thread at a time waits for the first of them, and
lets the next thread wait while it asks: so a slow answer keeps nobody else waiting, and there are never more questions
on their way than threads. Turns come no closer than the budget allows. Whoever waits for a watch sleeps until it ends.
"""

from __future__ import annotations

import heapq
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count

from aurora_cfn.deploy.watch.turn import Interference, Watched
from aurora_cfn.model.event import StackEvent
from aurora_cfn.ports import Alarm

ASKERS = 4
"""Questions that are on their way at once, at most."""
CALLS_PER_SECOND = 8.0
"""Questions of all watches together: a run of the default width asks each stack once a second at most."""
BURST = 8.0
"""Calls that may come at once after a rest."""
SLOWEST = 16.0
"""How many times slower than that it becomes at most while AWS throttles."""
BRAKE, RECOVERY = 1.5, 0.8
"""How much slower after a turn that was throttled, and what is left of that after each that was not."""
FIRST = float("-inf")
"""When a watch that has had no turn yet wants it. That one is beside the budget, as the calls that began it are."""


@dataclass(order=True, slots=True)
class _Entry:
    due: float
    number: int
    watch: Watched = field(compare=False)
    ended: Future[StackEvent] = field(compare=False)


class _Allowance:
    """The calls of all watches together, on the clock's seconds."""

    def __init__(self) -> None:
        self.free_at = FIRST
        self._slowness = 1.0

    def spend(self, calls: float, now: float) -> None:
        start = max(self.free_at, now - BURST / CALLS_PER_SECOND)
        self.free_at = start + calls * self._slowness / CALLS_PER_SECOND

    def hear(self, now: float, *, throttled: bool) -> None:
        """Throttling ends any burst."""
        self._slowness = min(SLOWEST, self._slowness * BRAKE) if throttled else max(1.0, self._slowness * RECOVERY)
        if throttled:
            self.free_at = max(self.free_at, now + self._slowness / CALLS_PER_SECOND)


class Poller:
    """All watches of one run. Its threads are there while something is watched, and never keep the process alive."""

    def __init__(self) -> None:
        """Nothing is watched yet."""
        self._lock = threading.Lock()
        self._chair = threading.Lock()
        self._bell = threading.Event()
        self._entries: list[_Entry] = []
        self._numbers = count()
        self._watched = 0
        self.interference = Interference()
        self._threads = 0
        self._allowance = _Allowance()

    def until_end(self, watch: Watched, clock: Alarm) -> StackEvent:
        """The event that ended the operation. Raises what the watch raises.

        Waits are on the clock, the same for all watches; when it is woken, everybody has a turn at once.
        """
        entry = _Entry(FIRST, next(self._numbers), watch, Future())
        with self._lock:
            heapq.heappush(self._entries, entry)
            self._watched += 1
            if self._threads < min(ASKERS, self._watched):
                self._threads += 1
                threading.Thread(target=self._run, args=(clock,), name="poller", daemon=True).start()
        self._bell.set()
        return entry.ended.result()

    def stir(self) -> None:
        """Note an interference with what is watched: every watch that waits has a turn at once."""
        with self._lock:
            self.interference.count += 1
            for entry in self._entries:
                entry.due = FIRST
            heapq.heapify(self._entries)
        self._bell.set()

    def _run(self, clock: Alarm) -> None:
        try:
            while True:
                with self._chair:
                    entry = self._next(clock)
                if entry is None:
                    return
                self._take_turn(entry, clock)
        except BaseException as error:
            # Waiting itself has failed. Nobody may wait for a thread that is no longer there.
            self._give_up(error)

    def _give_up(self, error: BaseException) -> None:
        with self._lock:
            self._threads -= 1
            left, self._entries = self._entries, []
            self._watched -= len(left)
        for entry in left:
            entry.ended.set_exception(error)

    def _next(self, clock: Alarm) -> _Entry | None:
        """The first in the row, once it is due or everybody was woken; None when this thread has nothing to do."""
        while True:
            # Cleared before the row is read: whoever comes later rings again.
            self._bell.clear()
            due = self._due()
            if due is None:
                return None
            wait = due - clock.monotonic()
            if wait > 0:
                clock.wait_for(wait, self._bell)
            if wait <= 0 or not self._bell.is_set():
                return self._first(clock.monotonic())

    def _due(self) -> float | None:
        """When the next turn is; None when nobody wants one, and then this thread is counted out."""
        with self._lock:
            if not self._entries:
                self._threads -= 1
                return None
            due = self._entries[0].due
            return due if due == FIRST else max(due, self._allowance.free_at)

    def _first(self, now: float) -> _Entry:
        """The first in the row, taken out; a call is spent for it beforehand."""
        with self._lock:
            if self._entries[0].due != FIRST:
                self._allowance.spend(1, now)
            return heapq.heappop(self._entries)

    def _take_turn(self, entry: _Entry, clock: Alarm) -> None:
        stirs = self.interference.count
        try:
            turn = entry.watch.look()
        except BaseException as error:
            with self._lock:
                self._watched -= 1
            entry.ended.set_exception(error)
            return
        now = clock.monotonic()
        with self._lock:
            self._allowance.spend(turn.calls - 1, now)
            self._allowance.hear(now, throttled=turn.throttled)
            self._watched -= turn.end is not None
            if turn.end is None:
                # Interference during the turn has not found the entry in the row.
                entry.due = now + turn.wait if self.interference.count == stirs else FIRST
                heapq.heappush(self._entries, entry)
        if turn.end is not None:
            entry.ended.set_result(turn.end)
        else:
            self._bell.set()
