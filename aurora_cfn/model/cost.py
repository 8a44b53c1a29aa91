"""The monthly cost of stacks, from templates and list prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

HOURS = 730
"""Hours of a month, as AWS's pricing calculator counts them: 365 days times 24, over 12."""
DAYS = HOURS / 24  # 30.4


@dataclass(frozen=True, slots=True)
class Usage:
    """Monthly use of each cluster, which no template contains; None if not given, then only unit prices are shown."""

    storage_gb: float | None = None
    io_millions: float | None = None


@dataclass(frozen=True, slots=True)
class CostLine:
    """A cost by the hour or month: US dollars a month from `low` to `high`, None if the price `item` is unknown."""

    stack: str
    what: str
    low: float | None
    high: float | None
    item: str = ""


@dataclass(frozen=True, slots=True)
class UseLine:
    """A cost by use: dollars a unit, None if the price `item` is unknown.

    Without `item` several units count, and `unit` names them.
    """

    stack: str
    what: str
    unit: str
    dollars: float | None = None
    item: str = ""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The serverless capacity of one cluster: minimum and maximum of instances, ACUs of each, and when they pause.

    `pause_hours` is the idle time until the pause, None if it never pauses; `awake` is then the reason. `dollars` is
    the price of an ACU-hour.
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
        """ACUs of an instance that runs without load; a minimum of 0 (auto-pause) runs with half an ACU."""
        # The smallest step of Serverless v2: an instance that is not paused has at least that.
        return max(self.minimum, 0.5)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Dollars a month with that many active hours a day, at minimum (`low`) and maximum capacity (`high`)."""

    hours: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The monthly cost of stacks; `unpriced` counts the resources of types without a known price.

    `oldest` is the day of the oldest price used.
    """

    region: str
    lines: tuple[CostLine, ...] = ()
    uses: tuple[UseLine, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    unpriced: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    oldest: date | None = None

    @property
    def low(self) -> float:
        """The sum of the known prices at minimum capacity."""
        return sum(line.low or 0 for line in self.lines)

    @property
    def high(self) -> float:
        """The sum of the known prices at maximum capacity."""
        return sum(line.high or 0 for line in self.lines)

    @property
    def complete(self) -> bool:
        """Whether every price was known."""
        return not self.unpriced and all(line.high is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class CostChange:
    """Two estimates of the same stacks, and the lines that differ as (before, after), None if added or removed."""

    before: Estimate
    after: Estimate
    lines: tuple[tuple[CostLine | None, CostLine | None], ...] = ()
