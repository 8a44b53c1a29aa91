"""Capacity and connections in the points of CloudWatch: ACU-hours, past pauses, and whether a database is paused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aurora_cfn.errors import DeclinedError
from aurora_cfn.model.awake import PauseState
from aurora_cfn.model.database_metrics import Metric, Point, Statistic
from aurora_cfn.model.rds_database import Cluster
from aurora_cfn.model.rows import Database
from aurora_cfn.ports import Databases
from aurora_cfn.ports.observations import Metrics

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


RECENT = timedelta(minutes=10)
"""How old a point may be: one a minute is sent, with a delay of some minutes."""


def may_pause(cluster: Cluster | None) -> bool:
    """Whether the capacity range of the cluster lets it pause: a minimum of 0 (Aurora user guide, auto-pause)."""
    return cluster is not None and cluster.capacity is not None and cluster.capacity.minimum == 0


def state_in(capacity: Sequence[Sequence[Point]], connections: Sequence[Sequence[Point]]) -> PauseState:
    """The state by the newest capacity of each instance, and by whether connections were counted after it."""
    latest = [points[-1] for points in capacity if points]
    counted = [points[-1].at for points in connections if points]
    if any(point.value for point in latest):
        return "awake"
    # A paused instance sends no DatabaseConnections (Aurora user guide, auto-pause, monitoring).
    if counted and (not latest or max(counted) > max(point.at for point in latest)):
        return "awake"
    return "paused" if latest else "unknown"


def use_of(
    cluster: Cluster, metrics: Metrics, since: datetime, until: datetime, period: int, capacity: Statistic = "Average"
) -> tuple[Sequence[Sequence[Point]], Sequence[Sequence[Point]]]:
    """The capacity, and the most connections, of each instance in each period."""
    # All instances: the writer is the last to pause and the first to resume, and not always the first member.
    names = cluster.instances
    wanted = [Metric("ServerlessDatabaseCapacity", "db-instance", name, capacity) for name in names]
    wanted += [Metric("DatabaseConnections", "db-instance", name, "Maximum") for name in names]
    found = metrics.metric_points(wanted, since=since, until=until, period=period) if wanted else ()
    return found[: len(names)], found[len(names) :]


def pause_state(database: Database, rds: Databases, metrics: Metrics, now: datetime) -> PauseState:
    """The state. The status of a paused cluster in RDS is `available`, so its capacity is looked at."""
    cluster = rds.cluster(database.identifier) if database.kind == "db-cluster" else None
    if cluster is None or not may_pause(cluster):
        return "never"
    return state_in(*use_of(cluster, metrics, now - RECENT, now, 60, "Minimum"))


def refuse_to_wake(database: Database, state: PauseState) -> None:
    """Raise DeclinedError unless it is known that a connection resumes nothing."""
    if state == "paused":
        raise DeclinedError(f"{database.identifier} is paused: without --no-wake this would resume it")
    if state == "unknown":
        what = f"{database.identifier} may be paused: CloudWatch has no capacity or connections of the last minutes"
        raise DeclinedError(f"{what}; without --no-wake this would resume it")
