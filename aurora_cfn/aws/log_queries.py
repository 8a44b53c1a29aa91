"""The port LogQueries on boto3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.model.log_event import LogQuery

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
        rows: list[Mapping[str, str]] = []
        more: dict[str, str] = {}
        while True:
            with translated("GetQueryResults"):
                answer = self._logs.get_query_results(queryId=identifier, **more)
            rows += [_row(row) for row in answer.get("results", ())]
            if not answer.get("nextToken"):
                return LogQuery(answer["status"], tuple(rows), answer.get("statistics", {}).get("bytesScanned", 0))
            more = {"nextToken": answer["nextToken"]}

    def stop_log_query(self, identifier: str) -> None:
        with translated("StopQuery"):
            self._logs.stop_query(queryId=identifier)

    @property
    def _logs(self) -> Any:
        return self.session.client("logs")


def _row(fields: Any) -> dict[str, str]:
    return {field["field"]: field.get("value", "") for field in fields if field["field"] != POINTER}
