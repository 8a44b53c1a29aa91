"""The ports to CloudWatch on boto3: events of log groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND, AwsError
from aurora_cfn.model.log_event import LogEvent, LogPage


@dataclass(frozen=True, slots=True)
class AwsLogEvents:
    """The port LogEvents."""

    session: Session

    def log_page(self, group: str, *, since: datetime, token: str = "") -> LogPage | None:
        """One page of FilterLogEvents, at most 1 MB or 10,000 events; None if there is no such group."""
        more = {"nextToken": token} if token else {}
        try:
            with translated("FilterLogEvents"):
                answer = self.session.client("logs").filter_log_events(
                    logGroupName=group, startTime=int(since.timestamp() * 1000), **more
                )
        except AwsError as error:
            if error.code == NOT_FOUND:
                return None
            raise
        return LogPage(tuple(map(_event, answer.get("events", ()))), answer.get("nextToken", ""))


def _event(row: Mapping[str, Any]) -> LogEvent:
    at = datetime.fromtimestamp(row["timestamp"] / 1000, UTC)
    return LogEvent(row.get("eventId", ""), at, row.get("logStreamName", ""), row.get("message", ""))
