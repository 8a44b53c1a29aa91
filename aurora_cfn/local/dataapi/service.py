"""The operations: what comes in is checked, the statement is run, what comes out is put into the service's shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from psycopg2 import Error, extensions

from aurora_cfn.local.dataapi import columns as result
from aurora_cfn.local.dataapi.errors import DataApiError, bad_request, from_database
from aurora_cfn.local.dataapi.fields import field, records_as_json
from aurora_cfn.local.dataapi.limits import LONGEST_SQL, check_formatted, check_rows
from aurora_cfn.local.dataapi.parameters import bound
from aurora_cfn.local.dataapi.sessions import (
    AS_TEXT,
    TIMEOUT_MILLISECONDS,
    Session,
    Transactions,
    open_session,
)
from aurora_cfn.sqltext.lexer import tokens
from aurora_cfn.sqltext.statements import significant, split_statements

USUAL_DATABASE = "postgres"
Request = Mapping[str, Any]
Answer = dict[str, Any]
Resolve = Callable[[str, str], tuple[str, str, str]]
"""Cluster ARN and secret ARN to the socket's folder, the user and the password; raises DataApiError."""


class DataApi:
    """The service; `resolve` knows clusters and secrets."""

    def __init__(self, resolve: Resolve) -> None:
        """Start without transactions."""
        self._resolve = resolve
        self._transactions = Transactions()
        self.operations: dict[str, Callable[[Request], Answer]] = {
            "/Execute": self.execute,
            "/BatchExecute": self.batch,
            "/BeginTransaction": self.begin,
            "/CommitTransaction": self.commit,
            "/RollbackTransaction": self.roll_back,
        }

    def execute(self, request: Request) -> Answer:
        """ExecuteStatement."""
        sql = _sql(request)

        def work(session: Session) -> Answer:
            with session.connection.cursor() as cursor:
                _run(cursor, bound(sql, request.get("parameters") or (), session.connection), request)
                return _answer(cursor, request)

        return self._in_session(request, work)

    def batch(self, request: Request) -> Answer:
        """BatchExecuteStatement: all sets of parameters or, when one fails, none; without sets nothing is run."""
        sql = _sql(request)

        def work(session: Session) -> Answer:
            sets = request.get("parameterSets") or ()
            with session.connection.cursor() as cursor:
                for parameters in sets:
                    _run(cursor, bound(sql, parameters, session.connection), request)
            return {"updateResults": [{"generatedFields": []} for _ in sets]}

        return self._in_session(request, work, is_batch=True)

    def begin(self, request: Request) -> Answer:
        """BeginTransaction."""
        return {"transactionId": self._transactions.begin(self._open(request))}

    def commit(self, request: Request) -> Answer:
        """CommitTransaction."""
        return self._end(request, "commit", "Transaction Committed")

    def roll_back(self, request: Request) -> Answer:
        """RollbackTransaction."""
        return self._end(request, "rollback", "Rollback Complete")

    def _end(self, request: Request, verb: str, status: str) -> Answer:
        self._resolve(_required(request, "resourceArn"), _required(request, "secretArn"))
        session = self._transactions.end(_required(request, "transactionId"), request["resourceArn"])
        with session.alone():
            try:
                getattr(session.connection, verb)()
            except Error as error:
                raise from_database(error) from error
            finally:
                session.connection.close()
        return {"transactionStatus": status}

    def _in_session(self, request: Request, work: Callable[[Session], Answer], *, is_batch: bool = False) -> Answer:
        name = request.get("transactionId")
        if name:
            self._resolve(_required(request, "resourceArn"), _required(request, "secretArn"))
            session = self._transactions.get(name, request["resourceArn"])
            if request.get("database") not in (None, session.connection.info.dbname):
                raise bad_request("Database name is not the same as transaction's")
            with session.alone():
                return _worded(work, session)
        session = self._open(request)
        session.connection.autocommit = not is_batch
        try:
            answer = _worded(work, session)
            if is_batch:
                session.connection.commit()
            return answer
        finally:
            session.connection.close()

    def _open(self, request: Request) -> Session:
        arn = _required(request, "resourceArn")
        host, user, password = self._resolve(arn, _required(request, "secretArn"))
        return open_session(host, user, password, request.get("database") or USUAL_DATABASE, arn)


def _worded(work: Callable[[Session], Answer], session: Session) -> Answer:
    try:
        return work(session)
    except Error as error:
        raise from_database(error) from error


def _required(request: Request, name: str) -> str:
    value = request.get(name)
    if not isinstance(value, str) or not value:
        raise bad_request(f"{name} is required")
    return value


def _sql(request: Request) -> str:
    sql = _required(request, "sql")
    if len(sql) > LONGEST_SQL:
        raise bad_request(f"SQL string is longer than {LONGEST_SQL} characters")
    if request.get("schema"):
        raise DataApiError("ValidationException", "The schema parameter isn't supported")
    if sum(bool(significant(group)) for group in split_statements(tokens(sql, strict=False))) > 1:
        raise DataApiError("ValidationException", "Multistatements aren't supported.")
    return sql


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
        with connection.cursor() as other:
            other.execute(f"SET statement_timeout = {TIMEOUT_MILLISECONDS}")


def _answer(cursor: Any, request: Request) -> Answer:
    if cursor.description is None:
        return {"generatedFields": [], "numberOfRecordsUpdated": max(cursor.rowcount, 0)}
    found = result.columns(cursor)
    rows: list[tuple[str | None, ...]] = cursor.fetchall()
    formatted = request.get("formatRecordsAs") == "JSON"
    if rows:
        result.refuse_unsupported(found)
    check_rows(rows, formatted=formatted)
    if formatted:
        text = records_as_json(rows, found)
        check_formatted(text)
        return {"numberOfRecordsUpdated": 0, "formattedRecords": text}
    options = request.get("resultSetOptions") or {}
    answer: Answer = {
        "numberOfRecordsUpdated": 0,
        "records": [[field(text, column, options) for column, text in zip(found, row, strict=True)] for row in rows],
    }
    if request.get("includeResultMetadata"):
        answer["columnMetadata"] = result.metadata(cursor, found)
    return answer
