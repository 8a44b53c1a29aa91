"""What the register of databases needs of an engine: its programs, its servers, and the protocol at its endpoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import Any, Protocol, TypeVar

from aurora_cfn.local.front.listener import Protocol as EndpointProtocol
from aurora_cfn.local.servers.owner import Owner
from aurora_cfn.local.servers.program import Program

S = TypeVar("S", covariant=True)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the endpoint of a database requires of a session now; `closed` is why no session is admitted."""

    force_tls: bool = False
    tokens: bool = False
    closed: str = ""


@dataclass(frozen=True, slots=True)
class ProxyRules:
    """What a proxy requires: TLS, a token instead of a password, and the passwords of its secrets by user."""

    force_tls: bool
    tokens: Mapping[str, bool]
    passwords: Mapping[str, str]


class Server(Protocol):
    """One server process and its data."""

    @property
    def folder(self) -> Path:
        """The folder of its data and logs."""

    @property
    def data(self) -> Path:
        """The data themselves."""

    @property
    def sockets(self) -> Path:
        """The private folder of its socket."""

    @property
    def binaries(self) -> Program:
        """The installation that runs it."""

    @property
    def owner(self) -> Owner:
        """The user that it runs as."""

    def initialise(self, place: Path) -> None:
        """Make the data of an empty server at a path where nothing is."""

    def start(self) -> None:
        """Start it unless it runs, and wait until it takes connections; OSError when it fails."""

    def stop(self) -> None:
        """End it."""

    def pid(self) -> int | None:
        """The process, when it lives."""


class Awake(Protocol[S]):
    """Where an endpoint leads to, such as a Database of the register; `key` is account/region/kind/identifier."""

    @property
    def key(self) -> str:
        """Its name in the register."""

    @property
    def server(self) -> S:
        """Its server, running or not."""

    def wake(self) -> S:
        """The running server, started or resumed first; OSError when it cannot be."""


class Engine(Protocol):
    """One kind of database server; every program, server and database given to it is one of its own."""

    @property
    def name(self) -> str:
        """`postgres` or `mysql`: the engine's family, as the register writes it."""

    @property
    def end_signal(self) -> Signals:
        """The signal at which a server ends its sessions, writes its data and exits."""

    def find(self, environ: Mapping[str, str], major: int | None) -> Program | None:
        """The best installation for that major version; None when there is none at all."""

    def installed(self, environ: Mapping[str, str]) -> Sequence[Program]:
        """Every installation that databases may get."""

    def prepared(self, found: Program, who: Owner, shelter: Path) -> Program | None:
        """The installation as this user runs it; None when it does not run as this user."""

    def gone(self, major: int) -> Program:
        """What stands for an installation that is not there any more; its server says so when it is started."""

    def server(self, folder: Path, sockets: Path, binaries: Program, who: Owner) -> Server:
        """A server by its folders."""

    def running_pid(self, folder: Path) -> int | None:
        """The process that serves the data in the folder of a server."""

    def set_up(self, server: Any, user: str, password: str, database: str) -> None:
        """Make what RDS makes in a new server: its roles, the master user, the first database."""

    def set_password(self, server: Any, user: str, password: str) -> None:
        """Change a user's password."""

    def usage(self, server: Any) -> Mapping[str, float]:
        """Connections of clients, buffer cache hits in percent, and bytes of a running server.

        By their names in CloudWatch: DatabaseConnections, BufferCacheHitRatio, VolumeBytesUsed; of PostgreSQL also
        MaximumUsedTransactionIDs.
        """

    def configure(self, server: Any, parameters: Mapping[str, str]) -> None:
        """Keep what the server takes of a parameter group, for its next start."""

    def forces_tls(self, version: str, parameters: Mapping[str, str]) -> bool:
        """Whether RDS refuses sessions without TLS, by the template's EngineVersion and the parameter group."""

    def wanted_major(self, version: str) -> int | None:
        """The number of `Program.major` for an EngineVersion of RDS; None for an empty one."""

    def endpoint(self, database: Any, rules: Callable[[], Rules]) -> EndpointProtocol:
        """What serves the clients that connect to the database itself."""

    def proxy_endpoint(self, target: Callable[[], Any], rules: Callable[[], ProxyRules]) -> EndpointProtocol:
        """What serves the clients of an RDS Proxy, which leads to the target of this moment, None for none."""
