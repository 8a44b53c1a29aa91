"""Reads the metrics of databases: one call for all of them, and one more for the cost of the month."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aurora_cfn.facts.prices import PriceList
from aurora_cfn.model.database_metrics import DatabaseMetrics, Metric, MonthCost, Point, Series
from aurora_cfn.model.rds_database import Cluster
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.metrics.advice import OPTIMIZED, PERIOD, Used, advice, month_cost, month_start
from aurora_cfn.operate.metrics.wanted import CLUSTER, INSTANCE, KINDS, Asked, asked, unpublished
from aurora_cfn.operate.pause import kept_period, paused_spans
from aurora_cfn.ports import Clock, Databases
from aurora_cfn.ports.observations import Metrics

DSQL = (
    "Aurora DSQL has no instances and no capacity; its metrics are in AWS/AuroraDSQL of CloudWatch, and not read here"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A database, and its cluster in RDS, None for an instance and for Aurora DSQL."""

    database: Database
    cluster: Cluster | None = None

    @property
    def instances(self) -> Sequence[str]:
        """The instances of the cluster, or the instance itself."""
        if self.cluster is not None:
            return self.cluster.instances
        return [self.database.identifier] if self.database.kind == INSTANCE else ()


def known_databases(rds: Databases, databases: Sequence[Database]) -> list[Known]:
    """The databases with their clusters: a call for each cluster."""
    clusters = [row.identifier if row.kind == CLUSTER else "" for row in databases]
    return [Known(row, rds.cluster(name) if name else None) for row, name in zip(databases, clusters, strict=True)]


@dataclass(frozen=True, slots=True)
class MetricsReader:
    """Reads metrics; `prices` are those of the region."""

    rds: Databases
    metrics: Metrics
    clock: Clock
    prices: PriceList

    def read(
        self, databases: Sequence[Known], since: datetime, period: int, names: Collection[str] = ()
    ) -> list[DatabaseMetrics]:
        """The metrics from that time on; with advice if all are asked for."""
        now = self.clock.now()
        period = kept_period(period, now - since)
        rows = [(known, one) for known in databases for one in _asked(known, names)]
        found = self._points([one for _, one in rows], since, now, period)
        results = []
        for known in databases:
            series = tuple(
                _series(one, points) for (owner, one), points in zip(rows, found, strict=True) if owner is known
            )
            name = known.database.identifier or known.database.stack
            lacking = tuple(unpublished(known.database, names)) if known.database.identifier else (DSQL,)
            plain = DatabaseMetrics(known.database.stack, name, since, now, period, series, notes=lacking)
            results.append(self._judged(known, plain, everything=not names))
        return results

    def with_cost(self, databases: Sequence[Known], found: Sequence[DatabaseMetrics]) -> list[DatabaseMetrics]:
        """The metrics with what each serverless cluster has cost this month."""
        now = self.clock.now()
        names = ("capacity", "storage", "reads", "writes")
        owners = [known for known in databases if known.cluster is not None and known.cluster.capacity is not None]
        rows = [(known, one) for known in owners for one in asked(known.database, known.instances, names)]
        points = self._points([one for _, one in rows], month_start(now), now, PERIOD)
        costs: dict[int, MonthCost] = {}
        for known in owners:
            mine = [_series(one, row) for (owner, one), row in zip(rows, points, strict=True) if owner is known]
            optimized = known.cluster is not None and known.cluster.storage == OPTIMIZED
            costs[id(known)] = month_cost(
                {row.source: row.points for row in mine if row.name == "capacity"},
                next((row.points for row in mine if row.name == "storage"), ()),
                _total(mine), self.prices, now=now, optimized=optimized,
            )  # fmt: skip
        return [replace(row, cost=costs.get(id(known))) for known, row in zip(databases, found, strict=True)]

    def _points(
        self, rows: Sequence[Asked], since: datetime, until: datetime, period: int
    ) -> Sequence[Sequence[Point]]:
        metrics: list[Metric] = [row.metric for row in rows]
        return self.metrics.metric_points(metrics, since=since, until=until, period=period) if metrics else []

    def _judged(self, known: Known, found: DatabaseMetrics, *, everything: bool) -> DatabaseMetrics:
        """With pauses, notes, and advice if all metrics were read."""
        cluster = known.cluster
        if cluster is None:
            return found
        capacity = {row.source: row.points for row in found.series if row.name == "capacity"}
        spans = paused_spans(list(capacity.values()), found.period)
        seconds = sum(span.seconds for span in spans)
        length = found.until - found.since
        used = _used(found.series, capacity, length, found.period, optimized=cluster.storage == OPTIMIZED)
        given = tuple(advice(cluster.capacity, used, self.prices)) if everything else ()
        return replace(found, capacity=cluster.capacity, paused=seconds, pauses=len(spans), advice=given)


def _used(
    series: Sequence[Series], capacity: Mapping[str, Sequence[Point]], length: timedelta, period: int, *,
    optimized: bool,
) -> Used:  # fmt: skip
    storage = [row.points[-1].value for row in series if row.name == "storage" and row.points]
    counted = any(row.points for row in series if row.name in {"reads", "writes"})
    return Used(
        capacity,
        [row.points for row in series if row.name == "connections"],
        length,
        period,
        storage[0] if storage else None,
        _total(series) if counted else None,
        optimized,
    )


def _total(series: Sequence[Series]) -> float:
    """Billed reads and writes."""
    return sum(point.value for row in series if row.name in {"reads", "writes"} for point in row.points)


def _series(one: Asked, points: Sequence[Point]) -> Series:
    kind = KINDS[one.name]
    scaled = tuple(Point(point.at, point.value * kind.factor) for point in points)
    return Series(one.name, one.source, kind.unit, scaled)


def _asked(known: Known, names: Collection[str]) -> Iterator[Asked]:
    if known.database.identifier:
        yield from asked(known.database, known.instances, names)
