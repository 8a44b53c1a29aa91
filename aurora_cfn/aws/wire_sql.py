"""Statements over a database's own protocol, for databases that the Data API does not reach.

It implements the port DataApi, so that `sql` prints the same rows: RDS instances and Aurora DSQL have no Data API.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

from aurora_cfn.errors import UNREACHABLE, AwsError
from aurora_cfn.model.rows import Cell, Credentials, Database, Rows, SqlParameter

CONNECT_SECONDS = 60
"""As long as a paused cluster may take to resume (`sql.client.CONNECT_SECONDS`)."""
Values: TypeAlias = Mapping[str, Any]
"""Name of a parameter to its value."""


class Driver(Protocol):
    """What differs between the engines."""

    def connect(self, database: Database, given: Credentials, context: ssl.SSLContext) -> Any:
        """An open connection."""

    def run(self, connection: Any, sql: str, values: Values) -> Rows:
        """The rows of one statement, whose `:name` are the values."""

    def errors(self, what: str = "", advice: str = "") -> AbstractContextManager[None]:
        """Raises the driver's errors as SqlError in the database's words, or as `unreachable` says."""


class WireSql:
    """The port DataApi on one connection, which is opened with the first statement."""

    def __init__(
        self,
        driver: Driver,
        credentials: Callable[[Database], Credentials],
        context: ssl.SSLContext,
        advice: str = "",
    ) -> None:
        """Nothing is opened yet; `advice` follows the message when the server cannot be reached."""
        self._driver, self._credentials, self._context, self._advice = driver, credentials, context, advice
        self._opened: Any = None

    def execute(
        self,
        database: Database,
        sql: str,
        parameters: Sequence[SqlParameter] = (),
        *,
        transaction: str | None = None,  # noqa: ARG002 - one connection has at most one
        past_timeout: bool = False,  # noqa: ARG002 - no call, no timeout
    ) -> Rows:
        connection = self._connection(database)
        with self._driver.errors():
            return self._driver.run(connection, sql, {row.name: row.value for row in parameters})

    def begin(self, database: Database) -> str:
        self.execute(database, "begin")
        return "wire"

    def commit(self, database: Database, transaction: str) -> None:
        self.execute(database, "commit", transaction=transaction)

    def rollback(self, database: Database, transaction: str) -> None:
        self.execute(database, "rollback", transaction=transaction)

    def _connection(self, database: Database) -> Any:
        if self._opened is None:
            given = self._credentials(database)
            with self._driver.errors(f"cannot connect to {database.host}:{database.port}", self._advice):
                self._opened = self._driver.connect(database, given, self._context)
        return self._opened


def encryption_context(bundle: str) -> ssl.SSLContext:
    """TLS that verifies the server with the bundle of certificates, or only encrypts where there is none."""
    if bundle:
        return ssl.create_default_context(cafile=bundle)
    context = ssl.create_default_context()
    # Only where `operate.encryption` found no certificate to check with: each client that it starts is as lax then.
    # In this order: Python refuses CERT_NONE while host names are checked.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def cell(value: Any) -> Cell:
    """A driver's value as a cell: an array as a tuple, what is no plain value as its text."""
    if isinstance(value, list):
        return tuple(map(cell, value))
    known = value is None or isinstance(value, str | int | float | bool | bytes)
    return value if known else str(value)


def unreachable(said: object, what: str, advice: str) -> AwsError:
    """The error of a connection that could not be opened, which `what` says, or that was lost."""
    lines = f"{what or 'the connection was lost'} ({said})" + (f"\n  {advice}" if advice else "")
    return AwsError(lines, code=UNREACHABLE)
