"""Statements on MySQL: run as text, answered in the service's shape."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, cast

from pymysql import connect
from pymysql.constants import CLIENT
from pymysql.converters import conversions
from pymysql.err import MySQLError

from aurora_cfn.local.dataapi import statements
from aurora_cfn.local.dataapi.errors import DataApiError, bad_request
from aurora_cfn.local.dataapi.hints import checked
from aurora_cfn.local.dataapi.mysql import columns as result
from aurora_cfn.local.dataapi.mysql.fields import field, plain
from aurora_cfn.local.dataapi.sessions import TIMEOUT_MILLISECONDS, Answer, Request, Session, Target
from aurora_cfn.local.dataapi.statements import with_records
from aurora_cfn.local.mysql.secret import with_token_users
from aurora_cfn.local.mysql.server import MysqlServer

WRITERS = {kind: write for kind, write in conversions.items() if isinstance(kind, type)}
"""How the driver writes values; what it would read by types of columns is left out."""
TIMEOUTS = frozenset({1969, 3024})
"""Error numbers of a statement that ran too long: MariaDB's and MySQL's."""


class MysqlRunner:
    """The methods that `dataapi.sessions.Runner` describes."""

    engine: Literal["mysql"] = "mysql"
    error = MySQLError

    def worded(self, error: Any) -> DataApiError:
        """See Runner: the words with which clients of the Data API look for MySQL's number."""
        number, text = (*error.args, "")[:2] if len(error.args) > 1 else (0, str(error))
        if number in TIMEOUTS:
            return DataApiError("StatementTimeoutException", "Statement timed out")
        return DataApiError("DatabaseErrorException", f"Database error code: {number}. Message: {text}")

    def open(self, target: Target, database: str, owner: str) -> Session:
        """See Runner; the server checks the password. Values stay as the server wrote them: no decoders."""
        server = cast(MysqlServer, target.server)
        try:
            connection = connect(
                unix_socket=str(server.socket), user=target.user, password=target.password,
                database=database or None, charset="utf8mb4", conv=WRITERS, autocommit=False,
                client_flag=CLIENT.FOUND_ROWS, program_name="rds-data-api",
            )  # fmt: skip
            _limit(connection, TIMEOUT_MILLISECONDS, is_mariadb=server.binaries.is_mariadb)
        except MySQLError as error:
            raise self.worded(error) from error
        return Session(connection, owner, self, database, details=server)

    def autocommit(self, session: Session, value: bool) -> None:
        session.connection.autocommit(value)

    def execute(self, session: Session, sql: str, request: Request) -> Answer:
        with session.connection.cursor() as cursor:
            _run(session, cursor, sql, request.get("parameters") or (), request)
            return _answer(session, cursor, request)

    def batch(self, session: Session, sql: str, sets: Sequence[Any], request: Request) -> Answer:
        """See Runner: each set with the id that its insert generated."""
        results = []
        with session.connection.cursor() as cursor:
            for parameters in sets:
                _run(session, cursor, sql, parameters, request)
                results.append({"generatedFields": _generated(cursor)})
        return {"updateResults": results}


def _limit(connection: Any, milliseconds: int, *, is_mariadb: bool) -> None:
    """Let statements end after that time; MySQL limits only SELECT."""
    setting = f"max_statement_time = {milliseconds / 1000}" if is_mariadb else f"max_execution_time = {milliseconds}"
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION {setting}")


def _run(session: Session, cursor: Any, sql: str, parameters: Any, request: Request) -> None:
    # Users with AWS's plugin: the statement comes past the front, which replaces the plugin for other clients.
    server = cast(MysqlServer, session.details)
    text = with_token_users(bound(sql, parameters, session.connection).encode(), server.token_password).decode()
    untimed, is_mariadb = bool(request.get("continueAfterTimeout")), server.binaries.is_mariadb
    if untimed:
        _limit(session.connection, 0, is_mariadb=is_mariadb)
    try:
        cursor.execute(text)
    finally:
        if untimed:
            _limit(session.connection, TIMEOUT_MILLISECONDS, is_mariadb=is_mariadb)


def _generated(cursor: Any) -> list[dict[str, int]]:
    return [{"longValue": cursor.lastrowid}] if cursor.lastrowid else []


def _answer(session: Session, cursor: Any, request: Request) -> Answer:
    if cursor.description is None:
        return {"generatedFields": _generated(cursor), "numberOfRecordsUpdated": max(cursor.rowcount, 0)}
    found = result.columns(cursor._result.fields)  # the flags of a column are in no public attribute
    rows: Sequence[tuple[str | bytes | None, ...]] = cursor.fetchall()
    result.refuse_unsupported(found)

    def metadata() -> list[Any]:
        checked = result.json_columns(session.connection, found) if result.may_be_json(found) else frozenset()
        return [result.described(column, checked) for column in found]

    return with_records(rows, found, request, field, plain, metadata)


def bound(sql: str, parameters: Iterable[Mapping[str, Any]], connection: Any) -> str:
    """The statement with its parameters as literals; the connection knows how its session escapes."""
    return statements.bound(sql, parameters, partial(_typed, connection), "mysql")


def _typed(connection: Any, name: str, kind: str, content: Any, hint: str | None) -> str:
    if kind == "isNull" and content:
        return "NULL"
    if kind == "stringValue":
        text = str(content)
        # A hint checks the form. MySQL compares an exact number with a text as floating point: it must be a number.
        if hint and checked(name, text, hint) == "numeric":
            return text
        return str(connection.literal(text))
    if kind == "longValue":
        return str(int(content))
    if kind == "doubleValue":
        number = float(content)
        if not math.isfinite(number):
            raise bad_request(f"Parameter {name}: MySQL has no {content}")
        # With an exponent: MySQL reads 1.5 as an exact decimal, and 1.5e0 as a double.
        return f"{number!r}e0" if "e" not in repr(number) else repr(number)
    if kind == "booleanValue":
        return "TRUE" if content else "FALSE"
    if kind == "blobValue":
        return f"_binary X'{base64.b64decode(content).hex()}'"
    raise bad_request(f"Unsupported parameter value: {kind}")
