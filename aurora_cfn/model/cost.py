"""What a set of stacks costs a month, as far as templates and list prices tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

HOURS = 730
"""Hours of a month, as AWS counts: 365 days times 24, over 12."""
DAYS = HOURS / 24


@dataclass(frozen=True, slots=True)
class Usage:
    """What templates do not say, a month and for each cluster; None: not told, so only the unit price is shown."""

    storage_gb: float | None = None
    io_millions: float | None = None


@dataclass(frozen=True, slots=True)
class CostLine:
    """One thing that costs by the hour or the month: US dollars from `low` to `high`, None where a price is unknown.

    `item` names the price it is made with, or the one that is missing.
    """

    stack: str
    what: str
    low: float | None
    high: float | None
    item: str = ""


@dataclass(frozen=True, slots=True)
class UseLine:
    """One thing that costs by use: dollars a unit, None where the price is unknown; `item` as in CostLine.

    Without an item it costs by more than one unit, and `unit` says by which.
    """

    stack: str
    what: str
    unit: str
    dollars: float | None = None
    item: str = ""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The serverless capacity of one cluster: how many instances, ACUs each, and when they pause.

    `pause_hours` is the idle time until the pause, None when it never pauses; `awake` says why not. `dollars` is the
    price of an ACU-hour.
    """

    stack: str
    instances: tuple[int, int]
    minimum: float
    maximum: float
    dollars: float | None
    pause_hours: float | None = None
    awake: str = ""
    optimized: bool = False

    @property
    def floor(self) -> float:
        """The least capacity at which it runs: half an ACU."""
        return max(self.minimum, 0.5)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Dollars a month with that many active hours a day: at the least and at the most capacity while active."""

    hours: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What stacks cost a month; `unpriced` are the types that nothing is known about, with how often they are there."""

    region: str
    lines: tuple[CostLine, ...] = ()
    uses: tuple[UseLine, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    unpriced: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    oldest: date | None = None

    @property
    def low(self) -> float:
        """The sum of what is known, at the least."""
        return sum(line.low or 0 for line in self.lines)

    @property
    def high(self) -> float:
        """The sum of what is known, at the most."""
        return sum(line.high or 0 for line in self.lines)

    @property
    def complete(self) -> bool:
        """Whether every price was known."""
        return not self.unpriced and all(line.high is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class CostChange:
    """Two estimates of the same stacks, and the lines that differ: before and after, None where there is none."""

    before: Estimate
    after: Estimate
    lines: tuple[tuple[CostLine | None, CostLine | None], ...] = ()
