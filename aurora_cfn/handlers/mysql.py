"""A connection to MySQL with the methods and the errors of pg8000's, so that handlers are the same for both engines."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymysql
from pg8000.native import Connection, DatabaseError, InterfaceError

from .connection import ANSWER_SECONDS, Place, connected, verified

NAME = re.compile(r"(?<![\w:]):([A-Za-z_]\w*)")
STATES = {1040: "08004", 1045: "28000", 1053: "08S01", 1205: "40001", 1213: "40001"}
"""SQLSTATEs by MySQL's numbers: too many connections, access denied, shutdown, and two that a retry may help."""
NO_CONNECTION = frozenset({2003, 2006, 2013, 2055})
"""Numbers with which a client says that it has no connection, or lost it."""


class MysqlConnection:
    """One connection; each statement is committed by itself outside a transaction."""

    def __init__(self, place: Place, token: str, *, context: ssl.SSLContext, seconds: float) -> None:
        """Connect over TLS; the server asks for the token as text, which PyMySQL sends only so."""
        with _translated():
            self._connection = pymysql.connect(
                host=place.host, port=place.port, user=place.user, password=token, database=place.database,
                ssl=context, autocommit=True, charset="utf8mb4",
                connect_timeout=int(seconds), read_timeout=int(seconds), write_timeout=int(seconds),
            )  # fmt: skip

    def run(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement, in which `:name` stands for a value."""
        with _translated(), self._connection.cursor() as cursor:
            if values:
                cursor.execute(NAME.sub(r"%(\1)s", sql.replace("%", "%%")), values)
            else:
                cursor.execute(sql)
            return list(cursor.fetchall())

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def opened(place: Place, token: str, *, seconds: float = ANSWER_SECONDS) -> Connection | MysqlConnection:
    """A new connection over verified TLS to the engine of the place; `token` is sent as the password.

    `seconds` is the socket timeout.
    """
    if place.engine == "mysql":
        return MysqlConnection(place, token, context=verified(), seconds=seconds)
    return connected(place, token, seconds=seconds)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except pymysql.err.InterfaceError as error:
        raise InterfaceError(str(error)) from error
    except pymysql.err.MySQLError as error:
        number, text = (*error.args, "")[:2] if len(error.args) > 1 else (0, str(error))
        if number in NO_CONNECTION:
            raise InterfaceError(text) from error
        state = STATES.get(number) or getattr(error, "sqlstate", None) or "HY000"
        raise DatabaseError({"C": state, "M": text}) from error
