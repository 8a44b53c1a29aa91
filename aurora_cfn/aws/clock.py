"""The real clock."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's time; sleeping blocks the thread that asks, until the time is over or everybody is woken."""

    def __init__(self) -> None:
        self._woken = threading.Event()
        self._bells: set[threading.Event] = set()

    def now(self) -> datetime:
        """The time of day in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from some start, never going back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait; not at all once everybody was woken."""
        self._woken.wait(seconds)

    def wait_for(self, seconds: float, bell: threading.Event) -> None:
        """Wait, but no longer than until the bell is rung; not at all once everybody was woken."""
        self._bells.add(bell)
        # Looked at after the bell can be found, so that who wakes everybody misses nobody.
        if not self._woken.is_set():
            bell.wait(seconds)

    def wake(self) -> None:
        """End every sleep, now and from now on: the run is being left."""
        self._woken.set()
        for bell in tuple(self._bells):
            bell.set()
