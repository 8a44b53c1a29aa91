"""How long to wait between two reads: short while events come, longer the longer there are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from math import exp, log
from random import random
from typing import TypeVar

from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.ports import Clock

Answer = TypeVar("Answer")

FIRST = (0.1, 0.2, 0.2, 0.3, 0.3, 0.4, 0.5)
"""Seconds between the first reads, two seconds in all: what takes no longer is seen to end at once."""
START = 0.1
"""Seconds until the events of an operation are first read: before that they show little but its start."""
AFTER_START = (0.04, 0.16, 0.2, 0.3, 0.3, 0.4, 0.5)
"""Seconds between the next reads of events: with START two seconds in all, as FIRST. A stack of the emulator with a
database is made in 0.1 to 0.14 s."""
SHORTEST, LONGEST = 1.0, 10.0
"""Seconds between two later reads, at least and at most."""
SHARE = 0.05
"""The wait as a share of the time without events: the end is noticed late by at most 5 % of that time."""
TROUBLE_LONGEST = 60.0
"""Seconds to wait after failed calls, at most."""
BURST = 21.0
"""Calls that a watch may make at once; after t seconds it may make the next one every (t + BURST) / BURST seconds."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds until the next turn, calls made in this one, and the event that ended the operation, if it has ended."""

    wait: float
    calls: int = 1
    end: StackEvent | None = None
    throttled: bool = False


@dataclass(slots=True)
class Interference:
    """How often the run itself has changed what it watches, such as by cancelling an update."""

    count: int = 0


class Pace:
    """How long one watch waits after each read, in seconds."""

    def __init__(self, dice: Callable[[], float] = random, first: Sequence[float] = FIRST) -> None:
        """`dice` gives numbers from 0 to 1 for the jitter of the back-off; `first` are the first waits."""
        self._dice, self._first = dice, first
        self._asked = 0
        self._without_events = 0.0
        self._troubles = 0

    def after(self, *, news: bool) -> float:
        """Seconds to wait after a call that succeeded; `news` says whether it showed anything new."""
        # One success ends the back-off: AWS's throttling is a bucket that fills by the second.
        self._troubles = 0
        self._without_events = 0.0 if news else self._without_events
        wait = min(LONGEST, max(SHORTEST, self._without_events * SHARE))
        # Also after an event: the quick start is for operations that end within two seconds.
        if self._asked < len(self._first):
            wait = self._first[self._asked]
        self._asked += 1
        self._without_events += wait
        return wait

    def start_again(self) -> None:
        """Wait as briefly as after a new event."""
        self._without_events = 0.0

    def after_trouble(self) -> float:
        """Seconds to wait after a call that failed: doubling, with full jitter over the upper half."""
        self._troubles += 1
        # Without jitter, watches that were throttled together would all ask again together.
        longest = min(TROUBLE_LONGEST, 2.0**self._troubles)
        return longest * (0.5 + self._dice() / 2)


READINGS = 5
"""Calls at most where a repeated one may succeed: with the waits between them about half a minute."""


def retried(
    clock: Clock, question: Callable[[], Answer], failed: Callable[[AwsError], None] = lambda _: None
) -> Answer:
    """The answer, after repeated calls if need be; `failed` gets each error before another call, and may raise it.

    Raises AwsError when the last call fails too, at once without credentials or permission.
    """
    pace = Pace()
    for _ in range(READINGS - 1):
        try:
            return question()
        except AwsError as error:
            if error.unauthenticated or error.denied:
                raise
            failed(error)
        clock.sleep(pace.after_trouble())
    # The last one is not repeated: its error is that of the command.
    return question()


class Budget:
    """How many calls one watch may have made after so many seconds, all services together.

    Many at first, so that the end of an operation of a minute is seen to the second; over ten minutes fewer than one
    call in five seconds on average. Calls not made can be made later, when the end is near.
    """

    def __init__(self) -> None:
        """No call was made."""
        self.spent = 0

    def spend(self, calls: int) -> None:
        """Count calls that were made."""
        self.spent += calls

    def next_call(self, keep: float = 0) -> float:
        """Seconds after the start from which one more call is allowed, so that `keep` more calls stay free."""
        return earliest(self.spent + 1 + keep)


KNEE = BURST * (LONGEST - 1)
"""Seconds after which the budget grows by one call in LONGEST seconds: the slope of the logarithm fell to that."""


def allowed(seconds: float) -> float:
    """Calls that the budget allows in that time."""
    # The integral of BURST / (t + BURST), the rate that BURST documents.
    steep = BURST * (1 + log(1 + min(seconds, KNEE) / BURST))
    return steep + max(0.0, seconds - KNEE) / LONGEST


def earliest(calls: float) -> float:
    """Seconds after which the budget allows so many calls: the inverse of `allowed`."""
    if calls <= allowed(KNEE):
        return max(0.0, BURST * (exp(calls / BURST - 1) - 1))
    return KNEE + (calls - allowed(KNEE)) * LONGEST


class Phase(Enum):
    """What the statuses in RDS mean for how often CloudFormation is read."""

    OPEN = "nothing is known"
    BUSY = "a database is being worked on, so the stack cannot end"
    NEAR = "the databases are ready and CloudFormation will notice soon, but there is more to do"
    LAST = "the databases are ready and nothing else is left to do"
