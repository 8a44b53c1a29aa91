"""The real clock."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's time; sleeping blocks the thread that asks, until the time is over or everybody is woken."""

    def __init__(self) -> None:
        self._woken = threading.Event()

    def now(self) -> datetime:
        """The time of day in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from some start, never going back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait; not at all once everybody was woken."""
        self._woken.wait(seconds)

    def wake(self) -> None:
        """End every sleep, now and from now on: the run is being left."""
        self._woken.set()
