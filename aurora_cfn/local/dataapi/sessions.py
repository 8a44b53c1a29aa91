"""Sessions and transactions, and what the operations need of a database's engine."""

from __future__ import annotations

import base64
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from aurora_cfn.local.dataapi.errors import DataApiError
from aurora_cfn.local.servers.engine import Server
from aurora_cfn.model.rows import Engine

IDLE_SECONDS = 180.0
"""A transaction without a call for so long is rolled back (Aurora User Guide, "Calling RDS Data API")."""
TIMEOUT_MILLISECONDS = 45_000
"""How long a statement runs, unless the request says continueAfterTimeout (same chapter)."""


Request = Mapping[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A running server, and the user and password of the secret."""

    runner: Runner
    server: Server
    user: str
    password: str = field(repr=False)


class Runner(Protocol):
    """Runs statements on one kind of server."""

    @property
    def engine(self) -> Engine:
        """The dialect of its statements."""

    @property
    def error(self) -> type[Exception]:
        """What its driver raises."""

    def worded(self, error: Any) -> DataApiError:
        """The driver's error as the service words it."""

    def open(self, target: Target, database: str, owner: str) -> Session:
        """A session of the secret's user in a transaction; an empty database is the engine's usual one."""

    def autocommit(self, session: Session, value: bool) -> None:
        """Whether each statement is a transaction of its own."""

    def execute(self, session: Session, sql: str, request: Request) -> Answer:
        """The answer of ExecuteStatement."""

    def batch(self, session: Session, sql: str, sets: Sequence[Any], request: Request) -> Answer:
        """The answer of BatchExecuteStatement."""


@dataclass(slots=True)
class Session:
    """An open connection; `owner` is the cluster that it belongs to, `details` what its runner keeps with it."""

    connection: Any
    owner: str
    runner: Runner
    database: str
    details: Any = None
    used: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the session; DataApiError when another request of the same transaction runs, as Serverless v2 says."""
        if not self.lock.acquire(blocking=False):
            raise DataApiError("DatabaseErrorException", "Transaction is still running a query")
        try:
            yield
        finally:
            self.lock.release()


@dataclass(slots=True)
class Transactions:
    """The transactions that clients have begun and not ended; `clock` gives seconds."""

    clock: Callable[[], float] = time.monotonic
    _open: dict[str, Session] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, session: Session) -> str:
        """The new transaction's id."""
        # 176 characters; the API allows 192 for an id.
        name = base64.b64encode(secrets.token_bytes(132)).decode()
        session.used = self.clock()
        with self._lock:
            self._open[name] = session
        return name

    def get(self, name: str, owner: str) -> Session:
        """The session of a transaction of this cluster; DataApiError when there is none or it has run out."""
        self._expire()
        with self._lock:
            session = self._open.get(name)
            if session is None or session.owner != owner:
                raise DataApiError("TransactionNotFoundException", f"Transaction {name} is not found", 404)
            session.used = self.clock()
            return session

    def end(self, name: str, owner: str) -> Session:
        """The session, no longer kept here."""
        session = self.get(name, owner)
        with self._lock:
            self._open.pop(name, None)
        return session

    def _expire(self) -> None:
        with self._lock:
            old = [name for name, each in self._open.items() if self.clock() - each.used > IDLE_SECONDS]
            for name in old:
                # The server may have been stopped; the transaction ended with it.
                with suppress(Exception):
                    self._open.pop(name).connection.close()
