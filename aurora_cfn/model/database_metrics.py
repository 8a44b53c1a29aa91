"""Metrics of a database over time, what it cost this month, and what follows for its capacity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from aurora_cfn.model.rds_database import CapacityRange, EventSource


@dataclass(frozen=True, slots=True)
class Series:
    """One metric of one instance, or of the whole cluster (`source`); `name` is our word for it, such as cache.

    Of the load there are several, `by` wait event and statement, with the name of that in `of`.
    """

    name: str
    source: str
    unit: str
    points: tuple[Point, ...]
    by: Grouping | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What follows for a setting (MinCapacity, MaxCapacity, StorageType) from what was used, and why."""

    setting: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class MonthCost:
    """What was used since the first of the month, in ACU-hours by instance and in dollars, None without a price.

    `pace` are the lowest and highest dollars of compute of the whole month, by its mean and by the last day.
    """

    since: datetime
    acu_hours: Mapping[str, float]
    acu_dollars: float | None
    storage_dollars: float | None
    io_dollars: float | None
    pace: tuple[float, float] | None
    priced: str

    @property
    def compute(self) -> float | None:
        """Dollars of all instances."""
        return None if self.acu_dollars is None else sum(self.acu_hours.values()) * self.acu_dollars


@dataclass(frozen=True, slots=True)
class DatabaseMetrics:
    """The metrics of one database from `since` to `until`, a point each `period` seconds.

    `paused` are the seconds in which all instances were paused, in `pauses` pieces; `notes` say what is not known.
    """

    stack: str
    database: str
    since: datetime
    until: datetime
    period: int
    series: tuple[Series, ...] = ()
    capacity: CapacityRange | None = None
    paused: float = 0
    pauses: int = 0
    advice: tuple[Advice, ...] = ()
    cost: MonthCost | None = None
    notes: tuple[str, ...] = ()


Statistic: TypeAlias = Literal["Average", "Minimum", "Maximum", "Sum"]
Grouping: TypeAlias = Literal["total", "wait", "statement"]
"""What active sessions are grouped by: not at all, by wait event, by statement without its values."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One statistic of a metric in AWS/RDS, of a cluster or an instance."""

    name: str
    kind: EventSource
    identifier: str
    statistic: Statistic = "Average"


@dataclass(frozen=True, slots=True)
class Point:
    """The value of a period that begins at that moment, in UTC."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class LoadPart:
    """Average active sessions over time: all of an instance, or those of a wait event or a statement (`name`)."""

    by: Grouping
    name: str
    points: tuple[Point, ...]
