"""MySQL's own protocol, by PyMySQL."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from aurora_cfn.aws.wire_sql import CONNECT_SECONDS, Values, cell, unreachable
from aurora_cfn.errors import SqlError
from aurora_cfn.model.rows import Column, Credentials, Database, Rows
from aurora_cfn.sqltext.lexer import tokens

_TYPES = {
    0: "decimal", 1: "tinyint", 2: "smallint", 3: "int", 4: "float", 5: "double", 7: "timestamp", 8: "bigint",
    9: "mediumint", 10: "date", 11: "time", 12: "datetime", 13: "year", 16: "bit", 245: "json", 246: "decimal",
    252: "blob", 253: "varchar", 254: "char",
}  # fmt: skip
"""Names of the usual types by their numbers on the wire (enum_field_types, MySQL source code documentation)."""
_AS_TEXT = (0, 7, 10, 11, 12, 246)
"""Decimals, dates and times stay the exact text of the database, as they do through the Data API."""
_LOST = (2006, 2013, 2055)
"""Errors of the client: the server has gone away, the connection was lost (MySQL error reference, client errors)."""


class MySqlDriver:
    """The methods that `wire_sql.Driver` describes."""

    def connect(self, database: Database, given: Credentials, context: ssl.SSLContext) -> Any:
        import pymysql
        from pymysql.converters import conversions

        return pymysql.connect(
            user=given.user, password=given.password, host=database.host, port=database.port, database=database.name,
            ssl=context, connect_timeout=CONNECT_SECONDS, autocommit=True, charset="utf8mb4",
            conv={key: convert for key, convert in conversions.items() if key not in _AS_TEXT},
            program_name="aurora-cfn",
        )  # fmt: skip

    def run(self, connection: Any, sql: str, values: Values) -> Rows:
        with connection.cursor() as cursor:
            # PyMySQL reads % only where it is given values.
            affected = cursor.execute(named(sql, values), values) if values else cursor.execute(sql)
            if cursor.description is None:
                return Rows(affected=max(affected, 0))
            columns = tuple(Column(str(row[0]), _TYPES.get(row[1], "text")) for row in cursor.description)
            return Rows(columns, tuple(tuple(map(cell, row)) for row in cursor.fetchall()))

    @contextmanager
    def errors(self, what: str = "", advice: str = "") -> Iterator[None]:
        import pymysql

        try:
            yield
        except (OSError, pymysql.err.OperationalError, pymysql.err.InterfaceError) as error:
            code, said = _said(error)
            # OperationalError is also a refusal of the server, such as a deadlock; `what` is set while connecting.
            if not what and code and code not in _LOST:
                raise SqlError(f"ERROR {code}: {said}", code=str(code)) from error
            raise unreachable(said, what, advice) from error
        except pymysql.err.MySQLError as error:
            code, said = _said(error)
            raise SqlError(f"ERROR {code}: {said}", code=str(code)) from error


def named(sql: str, names: Iterable[str]) -> str:
    """The statement with PyMySQL's placeholders, `%(id)s` for `:id`, where a value of that name is given."""
    known = frozenset(names)
    return "".join(
        f"%({token.text[1:]})s"
        if token.kind == "placeholder" and token.text[1:] in known
        else token.text.replace("%", "%%")
        for token in tokens(sql, "mysql")
    )


def _said(error: Exception) -> tuple[int, str]:
    """Number and words of an error; 0 where the client gave no number."""
    code, *words = error.args or (0,)
    return (code, str(words[0])) if isinstance(code, int) and words else (0, str(error))
