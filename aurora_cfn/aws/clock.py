"""The system clock, and times that AWS answers with."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime


class SystemClock:
    """The port Alarm: time, and sleeps that `wake` ends in all threads."""

    def __init__(self) -> None:
        self._woken = threading.Event()
        # Events of `wait_for`, so that `wake` can set them: a thread waits for one event at a time.
        self._awaited: set[threading.Event] = set()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait; return at once after `wake`."""
        self._woken.wait(seconds)

    def wait_for(self, seconds: float, event: threading.Event) -> None:
        """Wait until the event is set or the time is over; return at once after `wake`."""
        self._awaited.add(event)
        # In this order: a `wake` between the two lines sets the event, so that no thread sleeps on.
        if not self._woken.is_set():
            event.wait(seconds)

    def wake(self) -> None:
        """End all sleeps, also later ones: the command ends."""
        self._woken.set()
        for event in tuple(self._awaited):
            event.set()


def utc(moment: datetime | None) -> datetime | None:
    """A time of an answer in UTC; None where the answer has none."""
    return moment.astimezone(UTC) if moment else None
