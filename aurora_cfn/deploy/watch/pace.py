"""How long to wait before asking again: at once while things happen, longer the longer it is silent."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from random import random

FIRST = (0.1, 0.2, 0.2, 0.3, 0.3, 0.4, 0.5)
"""Seconds between the first questions: what is quick is seen at once."""
SHORTEST, LONGEST = 1.0, 10.0
SHARE = 0.05
"""The wait is this share of the silence so far, so the end is seen at most that much late."""
TROUBLE_LONGEST = 60.0
BURST = 21.0
"""Calls that a watch may make at once; after t seconds it may make the next one every (t + BURST) / BURST seconds."""


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

    def start_again(self) -> None:
        """Something has happened, whoever told it."""
        self._silence = 0.0

    def after_trouble(self) -> float:
        """Seconds to wait after a call that failed: doubling, with full jitter over the upper half."""
        self._troubles += 1
        # Without jitter, watches that were throttled together would all ask again together.
        longest = min(TROUBLE_LONGEST, 2.0**self._troubles)
        return longest * (0.5 + self._dice() / 2)


class Budget:
    """How many calls one watch may have made after so many seconds, all services together.

    Much at first, so that what takes a minute is seen to the second; over ten minutes less than a call each five
    seconds, whatever happens. What was not spent is kept for later, when an end is near.
    """

    def __init__(self) -> None:
        """Nothing is spent."""
        self.spent = 0

    def spend(self, calls: int) -> None:
        """Count calls that were made."""
        self.spent += calls

    def next_call(self, keep: float = 0) -> float:
        """Seconds after the beginning from which on one more call fits, with so many left over."""
        return earliest(self.spent + 1 + keep)


KNEE = BURST * (LONGEST - 1)
"""Seconds after which the budget grows by a call each LONGEST seconds."""


def allowed(seconds: float) -> float:
    """Calls that the budget allows in that time."""
    steep = BURST * (1 + log(1 + min(seconds, KNEE) / BURST))
    return steep + max(0.0, seconds - KNEE) / LONGEST


def earliest(calls: float) -> float:
    """Seconds after which the budget allows so many calls."""
    if calls <= allowed(KNEE):
        return max(0.0, BURST * (exp(calls / BURST - 1) - 1))
    return KNEE + (calls - allowed(KNEE)) * LONGEST
