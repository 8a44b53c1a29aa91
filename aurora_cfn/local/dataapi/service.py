"""The operations: what comes in is checked, the statement is run, what comes out is put into the service's shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from aurora_cfn.local.dataapi.errors import LONGEST_SQL, DataApiError, bad_request
from aurora_cfn.local.dataapi.sessions import Answer, Request, Session, Target, Transactions
from aurora_cfn.sqltext.lexer import tokens
from aurora_cfn.sqltext.statements import significant, split_statements

Resolve = Callable[[str, str], Target]
"""Cluster ARN and secret ARN to the server, the user and the password; raises DataApiError."""

Work = Callable[[Session, str], Answer]


class DataApi:
    """The service; `resolve` knows clusters and secrets."""

    def __init__(self, resolve: Resolve) -> None:
        """Start without transactions."""
        self._resolve = resolve
        self._transactions = Transactions()
        self.operations: dict[str, Callable[[Request], Answer]] = {
            "/Execute": self.execute,
            "/BatchExecute": self.batch,
            "/BeginTransaction": lambda request: {"transactionId": self._transactions.begin(self._open(request))},
            "/CommitTransaction": partial(self._end, "commit", "Transaction Committed"),
            "/RollbackTransaction": partial(self._end, "rollback", "Rollback Complete"),
        }

    def execute(self, request: Request) -> Answer:
        """ExecuteStatement."""
        return self._in_session(request, lambda session, sql: session.runner.execute(session, sql, request))

    def batch(self, request: Request) -> Answer:
        """BatchExecuteStatement: all sets of parameters or, when one fails, none; without sets nothing is run."""
        sets = request.get("parameterSets") or ()
        return self._in_session(
            request, lambda session, sql: session.runner.batch(session, sql, sets, request), is_batch=True
        )

    def _end(self, verb: str, status: str, request: Request) -> Answer:
        self._resolve(_required(request, "resourceArn"), _required(request, "secretArn"))
        session = self._transactions.end(_required(request, "transactionId"), request["resourceArn"])
        with session.alone():
            try:
                getattr(session.connection, verb)()
            except session.runner.error as error:
                raise session.runner.worded(error) from error
            finally:
                session.connection.close()
        return {"transactionStatus": status}

    def _in_session(self, request: Request, work: Work, *, is_batch: bool = False) -> Answer:
        sql = _sql(request)
        name = request.get("transactionId")
        if name:
            self._resolve(_required(request, "resourceArn"), _required(request, "secretArn"))
            session = self._transactions.get(name, request["resourceArn"])
            if request.get("database") not in (None, session.database):
                raise bad_request("Database name is not the same as transaction's")
            with session.alone():
                return _worded(work, session, sql)
        session = self._open(request)
        session.runner.autocommit(session, not is_batch)
        try:
            answer = _worded(work, session, sql)
            if is_batch:
                session.connection.commit()
            return answer
        finally:
            session.connection.close()

    def _open(self, request: Request) -> Session:
        arn = _required(request, "resourceArn")
        target = self._resolve(arn, _required(request, "secretArn"))
        return target.runner.open(target, request.get("database") or "", arn)


def _worded(work: Work, session: Session, sql: str) -> Answer:
    groups = split_statements(tokens(sql, session.runner.engine, strict=False))
    if sum(bool(significant(group)) for group in groups) > 1:
        raise DataApiError("ValidationException", "Multistatements aren't supported.")
    try:
        return work(session, sql)
    except session.runner.error as error:
        raise session.runner.worded(error) from error


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
    return sql
