"""One database connection that a warm function keeps: signed at connect, replaced when it is old or broken."""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from pg8000.native import Connection, DatabaseError, InterfaceError

from .log import described, record

PORT = 5432
ANSWER_SECONDS = 20.0
"""The longest silence: a paused cluster wakes in about 15 seconds, and API Gateway waits for 30."""
LIFETIME_SECONDS = 3300.0
"""DSQL ends a connection after an hour (user guide, quotas, 2026-11)."""
LOST = ("08", "57P")
"""SQLSTATE classes of a connection that is gone: connection exceptions, and an administrator's or a crash's end."""
PASSING = ("08", "28", "53", "57P")
"""SQLSTATE classes of a refused sign-in that may pass: a role not known everywhere yet, no room, still starting."""
T = TypeVar("T")


class UnavailableError(Exception):
    """The database does not answer; the same request may succeed in a moment."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is and as whom to sign in."""

    host: str
    port: int
    database: str
    user: str


def place_from_environment() -> Place:
    """The place that the function's settings name; KeyError for a missing one."""
    host, _, port = os.environ["DB_ENDPOINT"].partition(":")
    return Place(host, int(port or PORT), os.environ["DB_NAME"], os.environ["DB_USER"])


def connected(place: Place, token: str, *, seconds: float = ANSWER_SECONDS) -> Connection:
    """A new connection over verified TLS; `token` is sent as the password, `seconds` is the longest silence."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return Connection(
        place.user,
        host=place.host,
        port=place.port,
        database=place.database,
        password=token,
        ssl_context=context,
        timeout=seconds,
    )


def is_lost(error: BaseException) -> bool:
    """Whether the error ends the connection rather than the statement."""
    if isinstance(error, DatabaseError):
        return code_of(error).startswith(LOST)
    # A server that cannot prove who it is will not prove it a second later either.
    return isinstance(error, InterfaceError | OSError) and not isinstance(error, ssl.SSLCertVerificationError)


def code_of(error: DatabaseError) -> str:
    """The SQLSTATE of an error, empty when there is none."""
    told = error.args[0] if error.args else {}
    return str(told.get("C", "")) if isinstance(told, dict) else ""


class Database:
    """Lends one connection, made by `connect` at the first use and again when it is old or lost."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        *,
        lifetime: float = LIFETIME_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect to nothing yet."""
        self._connect = connect
        self._lifetime = lifetime
        self._clock = clock
        self._connection: Connection | None = None
        self._born = 0.0

    def run(self, work: Callable[[Connection], T]) -> T:
        """What `work` gives back. Raises UnavailableError when no connection can be made or a fresh one is lost.

        On a kept connection that turns out to be lost, `work` runs a second time on a new one: it must be repeatable.
        Silence is not waited for twice.
        """
        kept = self._usable()
        try:
            return work(self._current())
        except (DatabaseError, InterfaceError, OSError) as error:
            if not is_lost(error):
                raise
            self.drop()
            record("WARN", "the database connection is lost", kept=kept, **described(error))
            if not kept or isinstance(error, TimeoutError):
                raise UnavailableError from error
        return self.run(work)

    def drop(self) -> None:
        """Close the connection, if there is one; the next use makes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()

    def _usable(self) -> bool:
        return self._connection is not None and self._clock() - self._born < self._lifetime

    def _current(self) -> Connection:
        if self._connection is None or not self._usable():
            self.drop()
            try:
                self._connection = self._connect()
            except DatabaseError as error:
                record("ERROR", "the database refuses the connection", **described(error))
                if code_of(error).startswith(PASSING):
                    raise UnavailableError from error
                raise
            self._born = self._clock()
        return self._connection


@contextmanager
def transaction(connection: Connection, begin: str = "BEGIN") -> Iterator[None]:
    """Commit what happens inside, or roll it back when it raises.

    The driver spreads one statement with parameters over several round trips; only inside a transaction does a proxy
    that shares connections between clients keep them together.
    """
    connection.run(begin)
    try:
        yield
    except BaseException:
        with suppress(Exception):
            connection.run("ROLLBACK")
        raise
    connection.run("COMMIT")
