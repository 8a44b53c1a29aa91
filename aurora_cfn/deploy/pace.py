"""How long to wait before asking again: at once while things happen, longer the longer it is silent."""

from __future__ import annotations

from collections.abc import Callable
from random import random

FIRST = (0.1, 0.2, 0.2, 0.3, 0.3, 0.4, 0.5)
"""Seconds between the first questions: what is quick is seen at once."""
SHORTEST, LONGEST = 1.0, 10.0
SHARE = 0.1
"""The wait is this share of the silence so far, so the end is seen at most that much late."""
TROUBLE_LONGEST = 60.0


class Pace:
    """The waits of one watcher, in seconds."""

    def __init__(self, dice: Callable[[], float] = random) -> None:
        """`dice` gives numbers from 0 to 1 for the jitter of the back-off."""
        self._dice = dice
        self._asked = 0
        self._silence = 0.0
        self._troubles = 0

    def after(self, *, news: bool) -> float:
        """Seconds to wait after an answer."""
        self._troubles = 0
        self._silence = 0.0 if news else self._silence
        wait = min(LONGEST, max(SHORTEST, self._silence * SHARE))
        if self._asked < len(FIRST):
            wait = FIRST[self._asked]
        self._asked += 1
        self._silence += wait
        return wait

    def after_trouble(self) -> float:
        """Seconds to wait after a call that failed: doubling, with full jitter over the upper half."""
        self._troubles += 1
        longest = min(TROUBLE_LONGEST, 2.0**self._troubles)
        return longest * (0.5 + self._dice() / 2)
