"""Statements on PostgreSQL: run as text, answered in the service's shape."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from psycopg2 import Error, connect, extensions
from psycopg2.extensions import QuotedString

from aurora_cfn.local.dataapi import statements
from aurora_cfn.local.dataapi.errors import DataApiError, bad_request
from aurora_cfn.local.dataapi.hints import HINTS, checked
from aurora_cfn.local.dataapi.postgres import columns as result
from aurora_cfn.local.dataapi.postgres.fields import field, plain
from aurora_cfn.local.dataapi.sessions import TIMEOUT_MILLISECONDS, Answer, Request, Session, Target
from aurora_cfn.local.dataapi.statements import with_records
from aurora_cfn.local.postgres.extensions import HINT, without

USUAL_DATABASE = "postgres"
AS_TEXT = extensions.new_type(tuple(extensions.string_types), "AS_TEXT", lambda value, _cursor: value)
"""Gives every value as PostgreSQL wrote it, where the driver would make Python objects of some."""


class PostgresRunner:
    """The methods that `dataapi.sessions.Runner` describes."""

    engine: Literal["postgresql"] = "postgresql"
    error = Error

    def worded(self, error: Any) -> DataApiError:
        return from_database(error)

    def open(self, target: Target, database: str, owner: str) -> Session:
        """See Runner; the server checks the password."""
        try:
            connection = connect(
                host=str(target.server.sockets), user=target.user, password=target.password,
                dbname=database or USUAL_DATABASE, application_name="rds-data-api",
                options="-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c bytea_output=hex "
                        f"-c statement_timeout={TIMEOUT_MILLISECONDS}",
            )  # fmt: skip
        except Error as error:
            raise from_database(error) from error
        return Session(connection, owner, self, str(connection.info.dbname))

    def autocommit(self, session: Session, value: bool) -> None:
        session.connection.autocommit = value

    def execute(self, session: Session, sql: str, request: Request) -> Answer:
        with session.connection.cursor() as cursor:
            _run(cursor, bound(sql, request.get("parameters") or (), session.connection), request)
            return _answer(cursor, request)

    def batch(self, session: Session, sql: str, sets: Sequence[Any], request: Request) -> Answer:
        """See Runner; PostgreSQL generates no fields that the service returns."""
        with session.connection.cursor() as cursor:
            for parameters in sets:
                _run(cursor, bound(sql, parameters, session.connection), request)
        return {"updateResults": [{"generatedFields": []} for _ in sets]}


def _run(cursor: Any, sql: str, request: Request) -> None:
    """Run one statement. In a failed transaction nothing may go before it: it may be ROLLBACK TO SAVEPOINT."""
    connection = cursor.connection
    failed = connection.info.transaction_status == extensions.TRANSACTION_STATUS_INERROR
    untimed = bool(request.get("continueAfterTimeout")) and not failed
    if untimed:
        cursor.execute("SET statement_timeout = 0")
    extensions.register_type(AS_TEXT, cursor)
    cursor.execute(sql)
    if untimed:
        # Not after an error: a rollback takes the SET back too, and without a transaction the connection is closed.
        with connection.cursor() as other:
            other.execute(f"SET statement_timeout = {TIMEOUT_MILLISECONDS}")


def _answer(cursor: Any, request: Request) -> Answer:
    if cursor.description is None:
        return {"generatedFields": [], "numberOfRecordsUpdated": max(cursor.rowcount, 0)}
    found = result.columns(cursor)
    rows: list[tuple[str | None, ...]] = cursor.fetchall()
    if rows:
        result.refuse_unsupported(found)
    return with_records(rows, found, request, field, plain, lambda: result.metadata(cursor, found))


def from_database(error: Any) -> DataApiError:
    """PostgreSQL's message as the service words it; a timeout has an exception of its own."""
    state = getattr(error, "pgcode", None)
    if state == "57014" and "statement timeout" in str(error):
        return DataApiError("StatementTimeoutException", "Statement timed out")
    diagnostics = getattr(error, "diag", None)
    text = (diagnostics.message_primary if diagnostics else None) or _words(error)
    severity = (diagnostics.severity if diagnostics else None) or "FATAL"
    absent = without(text, _title(error))
    if absent:
        return DataApiError("DatabaseErrorException", f"{severity}: {absent}; Hint: {HINT}; SQLState: {state}")
    parts = [f"{severity}: {text}"]
    if diagnostics and diagnostics.message_detail:
        parts.append(f"Detail: {diagnostics.message_detail}")
    if diagnostics and diagnostics.message_hint:
        parts.append(f"Hint: {diagnostics.message_hint}")
    if diagnostics and diagnostics.statement_position:
        parts.append(f"Position: {diagnostics.statement_position}")
    return DataApiError("DatabaseErrorException", "; ".join([*parts, f"SQLState: {state or _state(text)}"]))


def _title(error: Any) -> str:
    """`PostgreSQL 17.10`, of the connection that failed."""
    cursor = getattr(error, "cursor", None)
    number = cursor.connection.server_version if cursor else 0
    return f"PostgreSQL {number // 10_000}.{number % 10_000}" if number else "PostgreSQL"


def _words(error: Any) -> str:
    return str(error).strip().splitlines()[0].rpartition("FATAL:")[2].strip()


def _state(text: str) -> str:
    # The driver has no SQLSTATE where no session was opened, only the message.
    return {"password": "28P01", "database": "3D000"}.get(text.partition(" ")[0], "08006")


def bound(sql: str, parameters: Iterable[Mapping[str, Any]], connection: Any) -> str:
    """The statement with its parameters as literals of the connection's encoding."""
    return statements.bound(sql, parameters, partial(_typed, connection), "postgresql")


def _typed(connection: Any, name: str, kind: str, content: Any, hint: str | None) -> str:
    if kind == "isNull" and content:
        return f"CAST(NULL AS {HINTS[hint].type})" if hint and hint in HINTS else "NULL"
    if kind == "stringValue":
        text = str(content)
        return f"CAST({_quoted(text, connection)} AS {checked(name, text, hint) if hint else 'text'})"
    if kind == "longValue":
        return f"CAST('{int(content)}' AS bigint)"
    if kind == "doubleValue":
        number = float(content)
        return f"CAST('{repr(number) if math.isfinite(number) else str(number)}' AS float8)"
    if kind == "booleanValue":
        return "TRUE" if content else "FALSE"
    if kind == "blobValue":
        return f"CAST('\\x{base64.b64decode(content).hex()}' AS bytea)"
    raise bad_request(f"Unsupported parameter value: {kind}")


def _quoted(text: str, connection: Any) -> str:
    if "\0" in text:
        raise DataApiError(
            "DatabaseErrorException", 'ERROR: invalid byte sequence for encoding "UTF8": 0x00; SQLState: 22021'
        )
    quoted = QuotedString(text)
    quoted.prepare(connection)
    adapted: bytes = quoted.getquoted()
    return adapted.decode("utf-8")
