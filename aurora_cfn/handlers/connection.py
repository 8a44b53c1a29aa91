"""One database connection that a warm function keeps: replaced when it is old or lost."""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

from pg8000.native import Connection, DatabaseError, InterfaceError

from .log import described, record
from .unavailable import UnavailableError as UnavailableError

PORTS = {"postgresql": 5432, "mysql": 3306}
ANSWER_SECONDS = 20.0
"""The socket timeout: a paused cluster resumes in about 15 seconds, and API Gateway waits for 30."""
LIFETIME_SECONDS = 3300.0
"""A connection is replaced before DSQL ends it after an hour (user guide, quotas, read 2026-11)."""
LOST = ("08", "57P")
"""SQLSTATE classes of a lost connection: connection exceptions, and a shutdown or crash of the server."""
TEMPORARY = ("08", "28", "53", "57P")
"""SQLSTATE classes of a refused sign-in that may succeed later: a role that is not yet known on all nodes, too many
connections, a server that is starting."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """The address of a database and the user to sign in as."""

    host: str
    port: int
    database: str
    user: str
    engine: str = "postgresql"


def place_from_environment() -> Place:
    """The place in the function's settings; KeyError if one is missing."""
    host, _, port = os.environ["DB_ENDPOINT"].partition(":")
    engine = os.environ.get("DB_ENGINE", "postgresql")
    return Place(host, int(port or PORTS[engine]), os.environ["DB_NAME"], os.environ["DB_USER"], engine)


def connected(place: Place, token: str, *, seconds: float = ANSWER_SECONDS) -> Connection:
    """A new connection over verified TLS; `token` is sent as the password, `seconds` is the socket timeout."""
    return Connection(
        place.user,
        host=place.host,
        port=place.port,
        database=place.database,
        password=token,
        ssl_context=verified(),
        timeout=seconds,
    )


def verified() -> ssl.SSLContext:
    """TLS that checks the server's certificate and its name."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def is_lost(error: BaseException) -> bool:
    """Whether the error ends the connection rather than the statement."""
    if isinstance(error, DatabaseError):
        return code_of(error).startswith(LOST)
    # A certificate that cannot be verified is not a lost connection: a new attempt would fail in the same manner.
    return isinstance(error, InterfaceError | OSError) and not isinstance(error, ssl.SSLCertVerificationError)


def code_of(error: DatabaseError) -> str:
    """The SQLSTATE of an error, empty if it has none."""
    fields = error.args[0] if error.args else {}
    return str(fields.get("C", "")) if isinstance(fields, dict) else ""


@dataclass(slots=True)
class Database:
    """Runs functions on one connection, which `connect` makes at the first use and again when it is old or lost."""

    connect: Callable[[], Connection]
    lifetime: float = field(default=LIFETIME_SECONDS, kw_only=True)
    clock: Callable[[], float] = field(default=time.monotonic, kw_only=True)
    _connection: Connection | None = None
    _born: float = 0.0

    def run(self, work: Callable[[Connection], T]) -> T:
        """The result of `work`. Raises UnavailableError if no connection can be made or a new one is lost.

        If a kept connection is lost, `work` runs again on a new one, so it must be repeatable; but not after a timeout,
        since API Gateway would not wait for a second one.
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
        # Once more at the most: the connection was dropped, so the next one is new.
        return self.run(work)

    def drop(self) -> None:
        """Close the connection, if any; the next use makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # A broken connection fails when it is closed, and is gone all the same.
            with suppress(Exception):
                connection.close()

    def _usable(self) -> bool:
        return self._connection is not None and self.clock() - self._born < self.lifetime

    def _current(self) -> Connection:
        if self._connection is None or not self._usable():
            self.drop()
            try:
                self._connection = self.connect()
            except DatabaseError as error:
                record("ERROR", "the database refuses the connection", **described(error))
                if code_of(error).startswith(TEMPORARY):
                    raise UnavailableError from error
                raise
            self._born = self.clock()
        return self._connection


@contextmanager
def transaction(connection: Connection, begin: str = "BEGIN") -> Iterator[None]:
    """A block in a transaction, rolled back if it raises.

    The driver sends a statement with parameters in several round trips. RDS Proxy, which shares connections between
    clients, keeps them on one connection only in a transaction.
    """
    connection.run(begin)
    try:
        yield
    except BaseException:
        # The error that ends the transaction is the one to raise; a lost connection rolls back by itself.
        with suppress(Exception):
            connection.run("ROLLBACK")
        raise
    connection.run("COMMIT")
