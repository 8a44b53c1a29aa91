"""The port DataApi on botocore: result rows, and errors of the database as SqlError."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import FROM_DATABASE, AwsError, SqlError
from aurora_cfn.facts import read_facts
from aurora_cfn.model.rows import Cell, Column, Database, Rows, SqlParameter

# `ERROR: relation "x" does not exist; Position: 15; SQLState: 42P01`
# The Data API puts both at the end of the message, without fields of their own, and in either order.
_DETAIL = re.compile(r";?\s*(?P<key>Position|SQLState):\s*(?P<value>\w+)")


@dataclass(frozen=True, slots=True)
class AwsDataApi:
    """The port DataApi. Calls are not retried (`NEVER_TWICE`), since a statement must not run twice."""

    session: Session

    def execute(
        self,
        database: Database,
        sql: str,
        parameters: Sequence[SqlParameter] = (),
        *,
        transaction: str | None = None,
        past_timeout: bool = False,
    ) -> Rows:
        """The rows of one statement; decimals as exact text, the default (ResultSetOptions, Data API reference)."""
        asked = {"transactionId": transaction} if transaction else {}
        with _explained("ExecuteStatement"):
            answer = self._client.execute_statement(
                **_address(database), database=database.name, sql=sql, parameters=[*map(_sent, parameters)],
                includeResultMetadata=True, continueAfterTimeout=past_timeout, **asked,
            )  # fmt: skip
        return read_rows(answer)

    def begin(self, database: Database) -> str:
        with _explained("BeginTransaction"):
            answer = self._client.begin_transaction(**_address(database), database=database.name)
        return str(answer["transactionId"])

    def commit(self, database: Database, transaction: str) -> None:
        with _explained("CommitTransaction"):
            self._client.commit_transaction(**_address(database), transactionId=transaction)

    def rollback(self, database: Database, transaction: str) -> None:
        with _explained("RollbackTransaction"):
            self._client.rollback_transaction(**_address(database), transactionId=transaction)

    @property
    def _client(self) -> Any:
        return self.session.client("rds-data")


def read_rows(answer: Mapping[str, Any]) -> Rows:
    """The rows in an answer of ExecuteStatement."""
    columns = tuple(
        Column(str(row.get("label") or row.get("name") or ""), str(row.get("typeName") or "text").lower())
        for row in answer.get("columnMetadata") or ()
    )
    rows = tuple(tuple(map(_cell, record)) for record in answer.get("records") or ())
    return Rows(columns, rows, int(answer.get("numberOfRecordsUpdated") or 0))


def _cell(field: Mapping[str, Any]) -> Cell:
    if field.get("isNull"):
        return None
    # A field is a union: exactly one of its members is set.
    ((kind, value),) = field.items()
    return _array(value) if kind == "arrayValue" else value


def _array(value: Mapping[str, Any]) -> tuple[Cell, ...]:
    # `arrayValues` are arrays inside of an array; the other members hold plain values of one type.
    for kind, items in value.items():
        return tuple(map(_array, items)) if kind == "arrayValues" else tuple(items)
    return ()


def _sent(parameter: SqlParameter) -> dict[str, Any]:
    sent: dict[str, Any] = {"name": parameter.name, "value": _field(parameter.value)}
    return {**sent, "typeHint": parameter.hint} if parameter.hint else sent


def _field(value: str | int | float | bool | bytes | None) -> dict[str, Any]:
    kinds = {bool: "booleanValue", int: "longValue", float: "doubleValue", str: "stringValue", bytes: "blobValue"}
    return {"isNull": True} if value is None else {kinds[type(value)]: value}


def _address(database: Database) -> dict[str, str]:
    return {"resourceArn": database.cluster_arn, "secretArn": database.secret_arn}


@contextmanager
def _explained(operation: str) -> Iterator[None]:
    """Raise what botocore raises inside as AwsError or SqlError with a hint."""
    try:
        with translated(operation):
            yield
    except AwsError as error:
        raise _with_hint(error) from error


def _with_hint(error: AwsError) -> AwsError:
    """An error of the database as SqlError in its own words, any other as AwsError; with a hint where one is known."""
    response = error.__cause__.response if isinstance(error.__cause__, ClientError) else {}
    words = str(response.get("Error", {}).get("Message") or "").strip()
    known = read_facts("data_api_hints")
    # The message is more exact than the code, which several causes share.
    hint = next(
        (advice for part, advice in known["by_message"].items() if part in words), known["by_code"].get(error.code)
    )
    advice = f"\n  {hint}" if hint else ""
    details = {found["key"]: found["value"] for found in _DETAIL.finditer(words)}
    if error.code not in FROM_DATABASE or not (details or words.startswith(("ERROR:", "FATAL:"))):
        return AwsError(f"{error}{advice}", operation=error.operation, code=error.code)
    state, position = details.get("SQLState", ""), details.get("Position", "")
    shown = _DETAIL.sub("", words) + (f" (SQLState {state})" if state else "")
    place = int(position) if position.isdigit() else None
    return SqlError(f"{shown}{advice}", sqlstate=state, position=place, code=error.code)
