"""What the operations need of a database's engine: sessions, and statements with their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from aurora_cfn.local.dataapi.errors import DataApiError
from aurora_cfn.local.servers.engine import Server
from aurora_cfn.model.rows import Engine

if TYPE_CHECKING:
    from aurora_cfn.local.dataapi.sessions import Session

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
