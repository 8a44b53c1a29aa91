"""The port to Performance Insights on botocore: the load of instances."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aurora_cfn.aws.pages import every_page
from aurora_cfn.aws.session import Session
from aurora_cfn.model.database_metrics import Grouping, LoadPart, Point

GROUPS: Mapping[Grouping, str] = {"wait": "db.wait_event", "statement": "db.sql_tokenized"}
NAMES: Mapping[Grouping, str] = {"wait": "db.wait_event.name", "statement": "db.sql_tokenized.statement"}
TOP = 10
"""Wait events and statements; the API gives at most 25 of a group (GetResourceMetrics, read 2026-11)."""


@dataclass(frozen=True, slots=True)
class AwsDatabaseLoad:
    """The port DatabaseLoad."""

    session: Session

    def active_sessions(self, resource_id: str, *, since: datetime, until: datetime, period: int) -> Sequence[LoadPart]:
        # What AWS has stored is read, which is not among what resumes a paused instance (Aurora user guide, "Scaling to
        # Zero ACUs with automatic pause and resume for Aurora Serverless v2", read 2026-11).
        found: dict[tuple[Grouping, str], tuple[str, dict[datetime, float]]] = {}
        queries = [{"Metric": "db.load.avg", "GroupBy": {"Group": group, "Limit": TOP}} for group in GROUPS.values()]
        pages = every_page(
            self.session.client("pi"), "get_resource_metrics", dict, ServiceType="RDS", Identifier=resource_id,
            MetricQueries=queries, StartTime=since, EndTime=until, PeriodInSeconds=period,
            # As in CloudWatch, whose points these are shown beside; the default here is END_TIME (API reference).
            PeriodAlignment="START_TIME",
        )  # fmt: skip
        for row in (row for page in pages for row in page.get("MetricList", ())):
            key, name = _key(row["Key"].get("Dimensions") or {})
            # Each group comes with the total, which so is there twice.
            found.setdefault(key, (name, {}))[1].update(_values(row))
        return [
            LoadPart(by, name, tuple(Point(at, points[at]) for at in sorted(points)))
            for (by, _), (name, points) in found.items()
        ]


def _key(dimensions: Mapping[str, str]) -> tuple[tuple[Grouping, str], str]:
    """The key of a series, and its name: two statements can begin with the same 500 bytes."""
    for by, name in NAMES.items():
        mine = {key: value for key, value in dimensions.items() if key.startswith(f"{GROUPS[by]}.")}
        if mine:
            return (by, str(sorted(mine.items()))), mine.get(name, "unknown")
    return ("total", ""), ""


def _values(row: Mapping[str, Any]) -> Iterator[tuple[datetime, float]]:
    for point in row.get("DataPoints", ()):
        value = point.get("Value")
        # A period without data has no value, or NaN.
        if value is not None and not math.isnan(value):
            yield point["Timestamp"].astimezone(UTC), float(value)
