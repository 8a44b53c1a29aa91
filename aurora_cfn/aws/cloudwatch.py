"""The ports to CloudWatch on botocore: events of log groups, queries of them, and metrics of RDS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_page, every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND
from aurora_cfn.model.database_metrics import Metric, Point
from aurora_cfn.model.log_event import LogEvent, LogPage, LogQuery


@dataclass(frozen=True, slots=True)
class AwsLogEvents:
    """The port LogEvents."""

    session: Session

    def log_page(self, group: str, *, since: datetime, token: str = "") -> LogPage | None:
        """One page of FilterLogEvents, at most 1 MB or 10,000 events; None if there is no such group."""
        more = {"nextToken": token} if token else {}
        # Milliseconds here, seconds in StartQuery (CloudWatch Logs API reference).
        with translated("FilterLogEvents", absent={NOT_FOUND}):
            answer = self.session.client("logs").filter_log_events(
                logGroupName=group, startTime=int(since.timestamp() * 1000), **more
            )
            return LogPage(tuple(map(log_event, answer.get("events", ()))), answer.get("nextToken", ""))
        return None


def log_event(row: Mapping[str, Any]) -> LogEvent:
    """An event of a log group; those of a Live Tail have no id."""
    at = datetime.fromtimestamp(row["timestamp"] / 1000, UTC)
    return LogEvent(row.get("eventId", ""), at, row.get("logStreamName", ""), row.get("message", ""))


A_CALL = 500
"""Metrics in a call of GetMetricData (CloudWatch API reference, read 2026-11)."""


@dataclass(frozen=True, slots=True)
class AwsMetrics:
    """The port Metrics."""

    session: Session

    def metric_points(
        self, metrics: Sequence[Metric], *, since: datetime, until: datetime, period: int
    ) -> Sequence[Sequence[Point]]:
        found: list[list[Point]] = [[] for _ in metrics]
        for start in range(0, len(metrics), A_CALL):
            part = metrics[start : start + A_CALL]
            queries = [_query(number, metric, period) for number, metric in enumerate(part, start)]
            rows = every_row(
                self.session.client("cloudwatch"), "get_metric_data", "MetricDataResults", _points,
                MetricDataQueries=queries, StartTime=since, EndTime=until, ScanBy="TimestampAscending",
            )  # fmt: skip
            for number, points in rows:
                found[number] += points
        return found


def _query(number: int, metric: Metric, period: int) -> dict[str, Any]:
    dimension = {"db-cluster": "DBClusterIdentifier", "db-instance": "DBInstanceIdentifier"}[metric.kind]
    of = {"Name": dimension, "Value": metric.identifier}
    named = {"Namespace": "AWS/RDS", "MetricName": metric.name, "Dimensions": [of]}
    # Ids begin with a small letter.
    return {"Id": f"m{number}", "MetricStat": {"Metric": named, "Period": period, "Stat": metric.statistic}}


def _points(row: Mapping[str, Any]) -> tuple[int, list[Point]]:
    """The number of the metric, which `_query` gave it, and points of it."""
    pairs = zip(row.get("Timestamps", ()), row.get("Values", ()), strict=False)
    return int(row["Id"][1:]), [Point(at.astimezone(UTC), float(value)) for at, value in pairs]


POINTER = "@ptr"
"""The field of each row with which GetLogRecord finds the whole event."""


@dataclass(frozen=True, slots=True)
class AwsLogQueries:
    """The port LogQueries."""

    session: Session

    def start_log_query(self, group: str, text: str, *, since: datetime, until: datetime) -> str:
        with translated("StartQuery"):
            answer = self._logs.start_query(
                logGroupName=group, queryString=text, startTime=int(since.timestamp()), endTime=int(until.timestamp())
            )
        return str(answer["queryId"])

    def log_query(self, identifier: str) -> LogQuery:
        # The status is the same on each page; statistics are of the whole query.
        pages = [*every_page(self._logs, "get_query_results", dict, token="nextToken", queryId=identifier)]
        rows = tuple(_row(row) for page in pages for row in page.get("results", ()))
        return LogQuery(pages[-1]["status"], rows, pages[-1].get("statistics", {}).get("bytesScanned", 0))

    def stop_log_query(self, identifier: str) -> None:
        with translated("StopQuery"):
            self._logs.stop_query(queryId=identifier)

    @property
    def _logs(self) -> Any:
        return self.session.client("logs")


def _row(fields: Any) -> dict[str, str]:
    return {field["field"]: field.get("value", "") for field in fields if field["field"] != POINTER}
