"""Capacity over time from points of CloudWatch: ACU-hours, pauses, and the times without a connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aurora_cfn.model.database_metrics import Point

_KEPT = ((timedelta(days=15), 60), (timedelta(days=63), 300))
"""How long CloudWatch keeps points of a period of so many seconds (GetMetricData, read 2026-11); then 3600."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time from `start` to before `end`."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.end - self.start).total_seconds()


def kept_period(wanted: int, age: timedelta) -> int:
    """`wanted` seconds, or more where CloudWatch no longer has points that close together."""
    least = next((seconds for limit, seconds in _KEPT if age < limit), 3600)
    return max(wanted, least)


def acu_hours(points: Iterable[Point], period: int) -> float:
    """ACU-hours of one instance from its average capacity in each period."""
    # Summed per instance: the metric of a cluster is the average of its instances, which a reader halves.
    return sum(point.value for point in points) * period / 3600


def summed(series: Sequence[Sequence[Point]]) -> dict[datetime, float]:
    """The sum of the instances at each time at which one has a point."""
    found: dict[datetime, float] = {}
    for points in series:
        for point in points:
            found[point.at] = found.get(point.at, 0.0) + point.value
    return found


def paused_spans(capacity: Sequence[Sequence[Point]], period: int) -> list[Span]:
    """When all instances had the capacity 0. A time without a point is not a pause: it may be an outage."""
    return spans((at for at, value in summed(capacity).items() if value == 0), period)


def idle_spans(connections: Mapping[datetime, float], most: float, period: int) -> list[Span]:
    """When at most that many connections were open."""
    return spans((at for at, value in connections.items() if value <= most), period)


def spans(times: Iterable[datetime], period: int) -> list[Span]:
    """The times joined where one follows the other within a period."""
    found: list[Span] = []
    length = timedelta(seconds=period)
    for at in sorted(times):
        if found and at <= found[-1].end:
            found[-1] = Span(found[-1].start, at + length)
        else:
            found.append(Span(at, at + length))
    return found
