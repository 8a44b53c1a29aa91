"""Metrics as rows, a point each, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.model.database_metrics import DatabaseMetrics, MonthCost
from aurora_cfn.model.rows import Cell, Rows
from aurora_cfn.report.metrics.words import mean_load
from aurora_cfn.report.text import cents, escaped_json

COLUMNS = ("stack", "database", "source", "metric", "unit", "at", "value")
LOAD_COLUMNS = ("stack", "database", "source", "metric", "by", "of", "unit", "at", "value")
"""The load of an instance is in parts: `by` is total, wait or statement."""


def metric_rows(results: Sequence[DatabaseMetrics]) -> Rows:
    """A row for each point."""
    rows = (tuple(point.values()) for found in results for point in points_of(found))
    names = LOAD_COLUMNS if any(row.by for found in results for row in found.series) else COLUMNS
    return Rows.of(names, rows, value="float8")


def points_of(found: DatabaseMetrics) -> Iterator[dict[str, Cell]]:
    """The points of a database as flat objects."""
    for series in found.series:
        for point in series.points:
            named: tuple[Cell, ...] = (series.name, series.by, series.of) if series.by else (series.name,)
            cells = (found.stack, found.database, series.source, *named, series.unit)
            columns = LOAD_COLUMNS if series.by else COLUMNS
            yield dict(zip(columns, (*cells, point.at.isoformat(), round(point.value, 6)), strict=True))


def metrics_json(results: Sequence[DatabaseMetrics]) -> str:
    """A JSON array with an object for each database; money in US dollars, null where it is not known."""
    document = [_object(found) for found in results]
    return escaped_json(document, indent=1) + "\n"


def _object(found: DatabaseMetrics) -> dict[str, object]:
    limits = found.capacity
    return {
        "stack": found.stack,
        "database": found.database,
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "period": found.period,
        "min_capacity": limits.minimum if limits else None,
        "max_capacity": limits.maximum if limits else None,
        "paused_seconds": found.paused,
        "pauses": found.pauses,
        "series": [
            {
                "metric": row.name, "source": row.source, "unit": row.unit,
                **({"by": row.by, "of": row.of, "mean": round(mean_load(row, found), 6)} if row.by else {}),
                "points": [[point.at.isoformat(), round(point.value, 6)] for point in row.points],
            }
            for row in found.series
        ],
        "advice": [{"setting": row.setting, "value": row.value, "reason": row.reason} for row in found.advice],
        "cost": _cost(found.cost) if found.cost else None,
        "notes": list(found.notes),
    }  # fmt: skip


def _cost(cost: MonthCost) -> dict[str, object]:
    return {
        "since": cost.since.isoformat(),
        "acu_hours": {name: round(value, 3) for name, value in cost.acu_hours.items()},
        "compute": cents(cost.compute),
        "storage": cents(cost.storage_dollars),
        "io": cents(cost.io_dollars),
        "compute_of_the_month": [cents(value) for value in cost.pace] if cost.pace else None,
        "prices_of": cost.priced or None,
    }
