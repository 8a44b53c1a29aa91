"""Statements over PostgreSQL's own protocol, for databases that the Data API does not reach.

It implements the port DataApi, so that `sql` prints the same rows: RDS instances and Aurora DSQL have no Data API.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from aurora_cfn.errors import UNREACHABLE, AwsError, SqlError
from aurora_cfn.model.rows import Cell, Column, Credentials, Database, Rows, SqlParameter

CONNECT_SECONDS = 60
"""As long as a paused cluster may take to resume (`sql.client.CONNECT_SECONDS`)."""
_TYPES = {
    16: "bool", 17: "bytea", 20: "int8", 21: "int2", 23: "int4", 25: "text", 114: "json", 700: "float4", 701: "float8",
    1042: "bpchar", 1043: "varchar", 1082: "date", 1083: "time", 1114: "timestamp", 1184: "timestamptz",
    1700: "numeric", 2950: "uuid", 3802: "jsonb", 1007: "_int4", 1009: "_text", 1016: "_int8",
}  # fmt: skip
"""Names of the usual types by their object ids (pg_type of PostgreSQL 17)."""
_AS_TEXT = (114, 1082, 1083, 1114, 1184, 1266, 1186, 1700, 2950, 3802)
"""JSON, dates, times, decimals and UUIDs stay the exact text of the database, as they do through the Data API."""


class WireSql:
    """The port DataApi on one connection, which is opened with the first statement."""

    def __init__(
        self, credentials: Callable[[Database], Credentials], context: ssl.SSLContext, advice: str = ""
    ) -> None:
        """Nothing is opened yet; `advice` follows the message when the server cannot be reached."""
        self._credentials, self._context, self._advice = credentials, context, advice
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
        """Run one statement."""
        connection = self._connection(database)
        with _errors():
            rows = connection.run(sql, **{row.name: row.value for row in parameters})
        columns = tuple(
            Column(str(row["name"]), _TYPES.get(row["type_oid"], "text")) for row in connection.columns or ()
        )
        # row_count is -1 for statements that count nothing.
        if not columns:
            return Rows(affected=max(connection.row_count, 0))
        return Rows(columns, tuple(tuple(map(_cell, row)) for row in rows or ()))

    def begin(self, database: Database) -> str:
        """Open a transaction."""
        self.execute(database, "begin")
        return "wire"

    def commit(self, database: Database, transaction: str) -> None:
        """Commit the transaction."""
        self.execute(database, "commit", transaction=transaction)

    def rollback(self, database: Database, transaction: str) -> None:
        """Roll back the transaction."""
        self.execute(database, "rollback", transaction=transaction)

    def _connection(self, database: Database) -> Any:
        if self._opened is None:
            import pg8000.native

            given = self._credentials(database)
            with _errors(f"cannot connect to {database.host}:{database.port}", self._advice):
                self._opened = pg8000.native.Connection(
                    given.user, host=database.host, port=database.port, database=database.name,
                    password=given.password, ssl_context=self._context, timeout=CONNECT_SECONDS,
                    application_name="aurora-cfn",
                )  # fmt: skip
            for oid in _AS_TEXT:
                self._opened.register_in_adapter(oid, str)
        return self._opened


def encryption_context(bundle: str) -> ssl.SSLContext:
    """TLS that verifies the server with the bundle of certificates, or only encrypts where there is none."""
    if bundle:
        return ssl.create_default_context(cafile=bundle)
    context = ssl.create_default_context()
    # In this order: Python refuses CERT_NONE while host names are checked.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return tuple(map(_cell, value))
    known = value is None or isinstance(value, str | int | float | bool | bytes)
    return value if known else str(value)


@contextmanager
def _errors(what: str = "", advice: str = "") -> Iterator[None]:
    """pg8000's errors as SqlError in the database's words, a lost connection as AwsError."""
    import pg8000.native

    try:
        yield
    except pg8000.native.DatabaseError as error:
        said: Any = error.args[0] if error.args else ""
        # The fields of PostgreSQL's ErrorResponse: severity, code, message, position.
        fields = said if isinstance(said, dict) else {"M": str(said)}
        state, place = str(fields.get("C", "")), str(fields.get("P", ""))
        shown = f"{fields.get('S', 'ERROR')}: {fields.get('M', '')}" + (f" (SQLState {state})" if state else "")
        raise SqlError(shown, sqlstate=state, position=int(place) if place.isdigit() else None, code=state) from error
    except (OSError, pg8000.native.InterfaceError) as error:
        lines = f"{what or 'the connection was lost'} ({error})" + (f"\n  {advice}" if advice else "")
        raise AwsError(lines, code=UNREACHABLE) from error
