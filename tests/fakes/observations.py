"""CloudWatch and what RDS has attached to clusters, in memory."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aurora_cfn.errors import NOT_FOUND, AwsError
from aurora_cfn.model.database_metrics import LoadPart, Metric, Point
from aurora_cfn.model.log_event import LiveUpdate, LogEvent, LogFile, LogPage, LogQuery
from aurora_cfn.model.rds_database import DatabaseEvent


@dataclass(slots=True)
class FakeLogEvents:
    """The port LogEvents: groups to their events, `size` on a page; `calls` has the token of each call.

    `trouble` is raised by the calls, in order, None for a call that is answered.
    """

    groups: dict[str, Sequence[LogEvent]] = field(default_factory=dict)
    size: int = 100
    trouble: list[AwsError | None] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def log_page(self, group: str, *, since: datetime, token: str = "") -> LogPage | None:
        self.calls.append(token)
        error = self.trouble.pop(0) if self.trouble else None
        if error:
            raise error
        if group not in self.groups:
            return None
        start = int(token or 0)
        # As CloudWatch does it: a page holds what matches of a part of the group, perhaps nothing.
        part = self.groups[group][start : start + self.size]
        more = str(start + self.size) if start + self.size < len(self.groups[group]) else ""
        return LogPage(tuple(event for event in part if event.at >= since), more)


@dataclass(slots=True)
class FakeLiveTail:
    """The port LiveTail: what a session of each group sends; an error is raised. `closed` has the groups that ended."""

    sessions: Mapping[str, Sequence[LiveUpdate | BaseException]] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)

    def live_updates(self, group: str) -> Generator[LiveUpdate]:
        if group not in self.sessions:
            raise AwsError("no group", code=NOT_FOUND)
        try:
            for row in self.sessions[group]:
                if isinstance(row, BaseException):
                    raise row
                yield row
        finally:
            self.closed.append(group)


@dataclass(slots=True)
class FakeLogFiles:
    """The port LogFiles: files of instances to their portions; `trouble` is raised by log_files, in order."""

    files: Mapping[str, Mapping[LogFile, Sequence[str]]] = field(default_factory=dict)
    trouble: list[AwsError] = field(default_factory=list)

    def log_files(self, instance: str, *, containing: str, since: datetime) -> Sequence[LogFile]:
        if self.trouble:
            raise self.trouble.pop(0)
        rows = (file for file in self.files.get(instance, {}) if containing in file.name and file.written >= since)
        return sorted(rows, key=lambda file: file.written)

    def log_file_text(self, instance: str, name: str) -> Iterator[str]:
        yield from next(text for file, text in self.files[instance].items() if file.name == name)


@dataclass(slots=True)
class FakeLogQueries:
    """The port LogQueries: what each look at the query shows; `calls` has what was started and stopped."""

    looks: list[LogQuery | BaseException] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def start_log_query(self, group: str, text: str, *, since: datetime, until: datetime) -> str:
        self.calls.append(f"start {group}: {text}")
        return "q1"

    def log_query(self, identifier: str) -> LogQuery:
        found = self.looks.pop(0)
        if isinstance(found, BaseException):
            raise found
        return found

    def stop_log_query(self, identifier: str) -> None:
        self.calls.append(f"stop {identifier}")


@dataclass(slots=True)
class FakeMetrics:
    """The port Metrics: points by metric; `periods` has the period of each call."""

    points: Mapping[Metric, Sequence[Point]] = field(default_factory=dict)
    periods: list[int] = field(default_factory=list)

    def metric_points(
        self, metrics: Sequence[Metric], *, since: datetime, until: datetime, period: int
    ) -> Sequence[Sequence[Point]]:
        self.periods.append(period)
        return [[row for row in self.points.get(metric, ()) if since <= row.at < until] for metric in metrics]


@dataclass(slots=True)
class FakeDatabaseLoad:
    """The port DatabaseLoad: parts by DbiResourceId; `calls` has the id, the times and the period of each call."""

    parts: Mapping[str, Sequence[LoadPart]] = field(default_factory=dict)
    calls: list[tuple[str, datetime, datetime, int]] = field(default_factory=list)

    def active_sessions(self, resource_id: str, *, since: datetime, until: datetime, period: int) -> Sequence[LoadPart]:
        self.calls.append((resource_id, since, until, period))
        return [
            LoadPart(part.by, part.name, tuple(row for row in part.points if since <= row.at < until))
            for part in self.parts.get(resource_id, ())
        ]


@dataclass(slots=True)
class FakeAttachments:
    """The port Attachments: what is attached, by cluster, ARN, parameter group or instance; `trouble` by method."""

    proxies_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    integrations_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    global_of: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    maintenance: Mapping[str, Sequence[str]] = field(default_factory=dict)
    deployments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    known_events: Sequence[DatabaseEvent] = ()
    trouble: Mapping[str, AwsError] = field(default_factory=dict)

    def proxies(self, cluster: str) -> Sequence[str]:
        self._called("proxies")
        return self.proxies_of.get(cluster, ())

    def integrations(self, arn: str) -> Sequence[str]:
        self._called("integrations")
        return self.integrations_of.get(arn, ())

    def global_cluster(self, arn: str) -> tuple[str, bool] | None:
        self._called("global_cluster")
        return self.global_of.get(arn)

    def changed_parameters(self, group: str) -> Mapping[str, str]:
        self._called("changed_parameters")
        return self.parameters.get(group, {})

    def blue_green(self, arn: str) -> Sequence[str]:
        self._called("blue_green")
        return self.deployments.get(arn, ())

    def pending_maintenance(self, arn: str) -> Sequence[str]:
        self._called("pending_maintenance")
        return self.maintenance.get(arn, ())

    def pause_events(self, instance: str, *, since: datetime) -> Sequence[DatabaseEvent]:
        self._called("pause_events")
        return [event for event in self.known_events if event.source == instance and event.at >= since]

    def _called(self, method: str) -> None:
        if method in self.trouble:
            raise self.trouble[method]
