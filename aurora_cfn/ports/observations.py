"""Ports to what AWS keeps of a database; no call of them reaches the database itself."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.database_metrics import LoadPart, Metric, Point
    from aurora_cfn.model.log_event import LiveUpdate, LogPage, LogQuery
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aurora_cfn.model.log_event import LogFile


class LogEvents(Protocol):
    """Events of log groups, read only."""

    def log_page(self, group: str, *, since: datetime, token: str = "") -> LogPage | None:
        """The events of the group from that moment on, one call a page; None if there is no such group."""


class LiveTail(Protocol):
    """Live Tail of CloudWatch Logs, which is charged by the minute while a session is open."""

    def live_updates(self, group: str) -> Generator[LiveUpdate]:
        """What a session of the group sends, until AWS ends it after 3 hours; closing the generator ends it before.

        Raises AwsError, with the code NOT_FOUND if there is no such group.
        """


class LogQueries(Protocol):
    """Queries of CloudWatch Logs Insights, which are charged by the bytes that they scan."""

    def start_log_query(self, group: str, text: str, *, since: datetime, until: datetime) -> str:
        """Start a query of the log group; its id."""

    def log_query(self, identifier: str) -> LogQuery:
        """The query as it is now."""

    def stop_log_query(self, identifier: str) -> None:
        """End a query that runs."""


class Metrics(Protocol):
    """Metrics of RDS, read only."""

    def metric_points(
        self, metrics: Sequence[Metric], *, since: datetime, until: datetime, period: int
    ) -> Sequence[Sequence[Point]]:
        """The points of each metric, oldest first, one a period (seconds); a period without data has none."""


class DatabaseLoad(Protocol):
    """Active sessions of instances, from Performance Insights, read only."""

    def active_sessions(self, resource_id: str, *, since: datetime, until: datetime, period: int) -> Sequence[LoadPart]:
        """The load of the instance with that DbiResourceId in all, and of its top wait events and statements.

        Points are oldest first, one a period (seconds), none where nothing was measured.
        """


class LogFiles(Protocol):
    """Log files on the instances themselves, read only."""

    def log_files(self, instance: str, *, containing: str, since: datetime) -> Sequence[LogFile]:
        """The files whose names contain that and that were written since then, the oldest first."""

    def log_file_text(self, instance: str, name: str) -> Iterator[str]:
        """The text of a file in portions, which can end within a line."""
