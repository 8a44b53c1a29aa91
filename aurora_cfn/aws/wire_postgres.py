"""PostgreSQL's own protocol, by pg8000."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aurora_cfn.aws.wire_sql import CONNECT_SECONDS, Values, cell, unreachable
from aurora_cfn.errors import SqlError
from aurora_cfn.model.rows import Column, Credentials, Database, Rows

_TYPES = {
    16: "bool", 17: "bytea", 20: "int8", 21: "int2", 23: "int4", 25: "text", 114: "json", 700: "float4", 701: "float8",
    1042: "bpchar", 1043: "varchar", 1082: "date", 1083: "time", 1114: "timestamp", 1184: "timestamptz",
    1700: "numeric", 2950: "uuid", 3802: "jsonb", 1007: "_int4", 1009: "_text", 1016: "_int8",
}  # fmt: skip
"""Names of the usual types by their object ids (pg_type of PostgreSQL 17)."""
_AS_TEXT = (114, 1082, 1083, 1114, 1184, 1266, 1186, 1700, 2950, 3802)
"""JSON, dates, times, decimals and UUIDs stay the exact text of the database, as they do through the Data API."""


class PostgresDriver:
    """The methods that `wire_sql.Driver` describes."""

    def connect(self, database: Database, given: Credentials, context: ssl.SSLContext) -> Any:
        import pg8000.native

        opened = pg8000.native.Connection(
            given.user, host=database.host, port=database.port, database=database.name, password=given.password,
            ssl_context=context, timeout=CONNECT_SECONDS, application_name="aurora-cfn",
        )  # fmt: skip
        for oid in _AS_TEXT:
            opened.register_in_adapter(oid, str)
        return opened

    def run(self, connection: Any, sql: str, values: Values) -> Rows:
        rows = connection.run(sql, **values)
        columns = tuple(
            Column(str(row["name"]), _TYPES.get(row["type_oid"], "text")) for row in connection.columns or ()
        )
        # row_count is -1 for statements that count nothing.
        if not columns:
            return Rows(affected=max(connection.row_count, 0))
        return Rows(columns, tuple(tuple(map(cell, row)) for row in rows or ()))

    @contextmanager
    def errors(self, what: str = "", advice: str = "") -> Iterator[None]:
        import pg8000.native

        try:
            yield
        except pg8000.native.DatabaseError as error:
            raise _worded(error.args[0] if error.args else "") from error
        except (OSError, pg8000.native.InterfaceError) as error:
            raise unreachable(error, what, advice) from error


def _worded(said: Any) -> SqlError:
    """The database's words, from the fields of its ErrorResponse: severity, code, message, position."""
    fields = said if isinstance(said, dict) else {"M": str(said)}
    state, place = str(fields.get("C", "")), str(fields.get("P", ""))
    shown = f"{fields.get('S', 'ERROR')}: {fields.get('M', '')}" + (f" (SQLState {state})" if state else "")
    return SqlError(shown, sqlstate=state, position=int(place) if place.isdigit() else None, code=state)
