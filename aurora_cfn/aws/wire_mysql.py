"""Statements over MySQL's own protocol, for databases that the Data API does not reach.

It implements the port DataApi, as `wire_sql` does for PostgreSQL.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from aurora_cfn.aws.wire_sql import CONNECT_SECONDS
from aurora_cfn.errors import UNREACHABLE, AwsError, SqlError
from aurora_cfn.model.rows import Cell, Column, Credentials, Database, Rows, SqlParameter
from aurora_cfn.sqltext.lexer import tokens

_TYPES = {
    0: "decimal", 1: "tinyint", 2: "smallint", 3: "int", 4: "float", 5: "double", 7: "timestamp", 8: "bigint",
    9: "mediumint", 10: "date", 11: "time", 12: "datetime", 13: "year", 16: "bit", 245: "json", 246: "decimal",
    252: "blob", 253: "varchar", 254: "char",
}  # fmt: skip
"""Names of the usual types by their numbers on the wire (enum_field_types, MySQL source code documentation)."""
_AS_TEXT = (0, 7, 10, 11, 12, 246)
"""Decimals, dates and times stay the exact text of the database, as they do through the Data API."""


class WireMySql:
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
        values = {row.name: row.value for row in parameters}
        with mysql_errors(), connection.cursor() as cursor:
            # PyMySQL reads % only where it is given values.
            affected = cursor.execute(named(sql, values.keys()), values) if values else cursor.execute(sql)
            if cursor.description is None:
                return Rows(affected=max(affected, 0))
            columns = tuple(Column(str(row[0]), _TYPES.get(row[1], "text")) for row in cursor.description)
            return Rows(columns, tuple(tuple(map(_cell, row)) for row in cursor.fetchall()))

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
            import pymysql
            from pymysql.converters import conversions

            given = self._credentials(database)
            kept = {key: convert for key, convert in conversions.items() if key not in _AS_TEXT}
            with mysql_errors(f"cannot connect to {database.host}:{database.port}", self._advice):
                self._opened = pymysql.connect(
                    user=given.user, password=given.password, host=database.host, port=database.port,
                    database=database.name, ssl=self._context, connect_timeout=CONNECT_SECONDS, conv=kept,
                    autocommit=True, charset="utf8mb4", program_name="aurora-cfn",
                )  # fmt: skip
        return self._opened


def named(sql: str, names: Iterable[str]) -> str:
    """The statement with PyMySQL's placeholders, `%(id)s` for `:id`, where a value of that name is given."""
    known = frozenset(names)
    return "".join(
        f"%({token.text[1:]})s"
        if token.kind == "placeholder" and token.text[1:] in known
        else token.text.replace("%", "%%")
        for token in tokens(sql, "mysql")
    )


def _cell(value: Any) -> Cell:
    known = value is None or isinstance(value, str | int | float | bool | bytes)
    return value if known else str(value)


@contextmanager
def mysql_errors(what: str = "", advice: str = "") -> Iterator[None]:
    """PyMySQL's errors as SqlError in the database's words, a lost connection as AwsError."""
    import pymysql

    try:
        yield
    except (OSError, pymysql.err.OperationalError, pymysql.err.InterfaceError) as error:
        code, said = _said(error)
        if not what and code and code not in _LOST:
            raise SqlError(f"ERROR {code}: {said}", code=str(code)) from error
        lines = f"{what or 'the connection was lost'} ({said})" + (f"\n  {advice}" if advice else "")
        raise AwsError(lines, code=UNREACHABLE) from error
    except pymysql.err.MySQLError as error:
        code, said = _said(error)
        raise SqlError(f"ERROR {code}: {said}", code=str(code)) from error


_LOST = (2006, 2013, 2055)
"""Errors of the client: the server has gone away, the connection was lost (MySQL error reference, client errors)."""


def _said(error: Exception) -> tuple[int, str]:
    """Number and words of an error; 0 where the client gave no number."""
    code, *words = error.args or (0,)
    return (code, str(words[0])) if isinstance(code, int) and words else (0, str(error))
