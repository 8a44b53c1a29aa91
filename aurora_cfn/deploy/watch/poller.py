"""The few threads that poll all operations of a run, so that AWS does not throttle a run of many stacks.

Every watch is queued with the time of its next turn. One thread at a time waits for the earliest one. When that is due,
the thread takes the turn and another thread waits for the next: a slow call delays no other watch, and there are never
more calls at once than threads. The time between two turns is at least what the allowance of all watches together
demands. The thread that works on a stack sleeps until its watch has ended.
"""

from __future__ import annotations

import heapq
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from aurora_cfn.deploy.watch.pace import START, Interference, Turn
from aurora_cfn.model.event import StackEvent
from aurora_cfn.ports import Alarm

ASKERS = 4
"""Threads, so calls at once, at most."""
CALLS_PER_SECOND = 8.0
"""Calls of all watches together: with the default of 8 parallel stacks each is read once a second at most."""
BURST = 8.0
"""Calls that may be made at once after a pause."""
SLOWEST = 16.0
"""By which factor calls are slowed down at most while AWS throttles."""
BRAKE, RECOVERY = 1.5, 0.8
"""Factors on the slowness after a turn that was throttled, and after each that was not."""
AT_ONCE = float("-inf")
"""When a turn is due that waits for nothing."""


class Watched(Protocol):
    """An operation that is polled, by one thread at a time."""

    def look(self) -> Turn:
        """Take a turn. What it raises ends the watch, and is raised to the caller of `until_end`."""


@dataclass(order=True, slots=True)
class _Entry:
    """`free` is true of the first turn of a watch: as the calls that started it, it does not count in the allowance."""

    due: float
    number: int
    watch: Watched = field(compare=False)
    ended: Future[StackEvent] = field(compare=False)
    free: bool = field(default=True, compare=False)


class _Allowance:
    """The calls of all watches together; `free_at` is the time of the clock, in seconds, of the next one allowed."""

    def __init__(self) -> None:
        self.free_at = AT_ONCE
        self._slowness = 1.0

    def spend(self, calls: float, now: float) -> None:
        # Unused calls are saved up for one burst, not longer.
        start = max(self.free_at, now - BURST / CALLS_PER_SECOND)
        self.free_at = start + calls * self._slowness / CALLS_PER_SECOND

    def after_turn(self, now: float, *, throttled: bool) -> None:
        """Slow down after a throttled turn, else speed up again; calls saved up for a burst are lost by throttling."""
        self._slowness = min(SLOWEST, self._slowness * BRAKE) if throttled else max(1.0, self._slowness * RECOVERY)
        if throttled:
            self.free_at = max(self.free_at, now + self._slowness / CALLS_PER_SECOND)


class Poller:
    """All watches of one run. Its threads run while anything is watched; they are daemons, so the process can end."""

    def __init__(self) -> None:
        """Nothing is watched yet."""
        self._lock = threading.Lock()
        # The thread that holds it waits for the earliest entry; the others wait for it, without using the processor.
        self._waiting = threading.Lock()
        # Wakes that thread when an earlier entry may be in the queue.
        self._earlier = threading.Event()
        self._entries: list[_Entry] = []
        self._numbers = count()
        self._watched = 0
        self.interference = Interference()
        self._threads = 0
        self._allowance = _Allowance()

    def until_end(self, watch: Watched, clock: Alarm) -> StackEvent:
        """The event that ended the operation. Raises what the watch raises. The clock is the same for all watches."""
        entry = _Entry(clock.monotonic() + START, next(self._numbers), watch, Future())
        with self._lock:
            heapq.heappush(self._entries, entry)
            self._watched += 1
            if self._threads < min(ASKERS, self._watched):
                self._threads += 1
                threading.Thread(target=self._run, args=(clock,), name="poller", daemon=True).start()
        self._earlier.set()
        return entry.ended.result()

    def wake_all(self) -> None:
        """Count an interference, and give every waiting watch a turn at once."""
        with self._lock:
            self.interference.count += 1
            for entry in self._entries:
                entry.due, entry.free = AT_ONCE, True
            heapq.heapify(self._entries)
        self._earlier.set()

    def _run(self, clock: Alarm) -> None:
        try:
            while True:
                with self._waiting:
                    entry = self._next(clock)
                if entry is None:
                    return
                self._take_turn(entry, clock)
        except BaseException as error:
            # Waiting itself has failed, and this thread ends: without an error the watches would never end.
            self._give_up(error)

    def _give_up(self, error: BaseException) -> None:
        with self._lock:
            self._threads -= 1
            left, self._entries = self._entries, []
            self._watched -= len(left)
        for entry in left:
            entry.ended.set_exception(error)

    def _next(self, clock: Alarm) -> _Entry | None:
        """The entry that is due first, once it is due; None when nothing is watched, so that the thread can end."""
        while True:
            # Cleared before the queue is read: an entry that is added after that sets it again.
            self._earlier.clear()
            due = self._due()
            if due is None:
                return None
            wait = due - clock.monotonic()
            if wait > 0:
                clock.wait_for(wait, self._earlier)
            if wait <= 0 or not self._earlier.is_set():
                return self._first(clock.monotonic())

    def _due(self) -> float | None:
        """When the next turn is due; None when no watch waits, and then this thread is no longer counted."""
        with self._lock:
            if not self._entries:
                self._threads -= 1
                return None
            # The first turn does not wait for the allowance: a quick operation may end within it.
            first = self._entries[0]
            return first.due if first.free else max(first.due, self._allowance.free_at)

    def _first(self, now: float) -> _Entry:
        """The entry that is due first, removed from the queue; one call is counted for it in advance."""
        with self._lock:
            if not self._entries[0].free:
                self._allowance.spend(1, now)
            return heapq.heappop(self._entries)

    def _take_turn(self, entry: _Entry, clock: Alarm) -> None:
        # Outside of the lock: a call that hangs delays no other watch.
        interferences = self.interference.count
        try:
            turn = entry.watch.look()
        except BaseException as error:
            with self._lock:
                self._watched -= 1
            entry.ended.set_exception(error)
            return
        now = clock.monotonic()
        with self._lock:
            # One call was counted when the entry was taken from the queue.
            self._allowance.spend(turn.calls - 1, now)
            self._allowance.after_turn(now, throttled=turn.throttled)
            self._watched -= turn.end is not None
            if turn.end is None:
                # `wake_all` during the turn did not find this entry in the queue.
                entry.free = self.interference.count != interferences
                entry.due = AT_ONCE if entry.free else now + turn.wait
                heapq.heappush(self._entries, entry)
        if turn.end is not None:
            entry.ended.set_result(turn.end)
        else:
            self._earlier.set()
