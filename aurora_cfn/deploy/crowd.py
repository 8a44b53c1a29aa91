"""The watchers of one run: together they ask at most so often, however many stacks run side by side."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

CALLS_PER_SECOND = 8
"""Questions of all watchers together: a run of the default width asks each stack once a second at most."""


class Crowd:
    """Counts who watches, and widens each one's waits with the number of the others; safe in several threads."""

    def __init__(self) -> None:
        """Nobody watches."""
        self._lock = threading.Lock()
        self._watching = 0

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Be one of the crowd while the block runs."""
        with self._lock:
            self._watching += 1
        try:
            yield
        finally:
            with self._lock:
                self._watching -= 1

    def widened(self, wait: float) -> float:
        """Seconds to wait where one alone would wait `wait`."""
        return max(wait, (self._watching - 1) / CALLS_PER_SECOND)
