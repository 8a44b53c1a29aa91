"""PostgreSQL as an engine of the register."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from aurora_cfn.local.front.listener import Protocol
from aurora_cfn.local.postgres import administration, binaries, installation
from aurora_cfn.local.postgres.binaries import Binaries
from aurora_cfn.local.postgres.front.endpoints import Awake, DatabaseEndpoint, ProxyEndpoint
from aurora_cfn.local.postgres.front.session import session
from aurora_cfn.local.postgres.server import PostgresServer, running_pid
from aurora_cfn.local.servers.database_server import Database
from aurora_cfn.local.servers.engine import Program, ProxyRules, Rules, Server
from aurora_cfn.local.servers.owner import Owner

# Major version from which rds.force_ssl is 1 by default in RDS for PostgreSQL (RDS User Guide, "Requiring an SSL
# connection"); Aurora, whose default changed later, is treated alike.
FORCED_SINCE = 15


class PostgresEngine:
    """The methods that `servers.engine.Engine` describes; every server given to them is one of its own."""

    name = "postgres"

    def find(self, environ: Mapping[str, str], major: int | None) -> Binaries | None:
        return binaries.find(environ, major)

    def installed(self, environ: Mapping[str, str]) -> Sequence[Binaries]:
        return binaries.installed(environ)

    def prepared(self, found: Program, who: Owner, shelter: Path) -> Binaries | None:
        return installation.prepared(cast(Binaries, found), who, shelter)

    def gone(self, major: int) -> Binaries:
        return Binaries(Path("/nowhere"), str(major), "gone")

    def server(self, folder: Path, sockets: Path, binaries: Program, who: Owner) -> PostgresServer:
        return PostgresServer(folder, sockets, cast(Binaries, binaries), who)

    def running_pid(self, folder: Path) -> int | None:
        return running_pid(folder / "data")

    def set_up(self, server: Server, user: str, password: str, database: str) -> None:
        administration.set_up(cast(PostgresServer, server), user, password, database)

    def set_password(self, server: Server, user: str, password: str) -> None:
        administration.set_password(cast(PostgresServer, server), user, password)

    def usage(self, server: Server) -> Mapping[str, float]:
        return administration.usage(cast(PostgresServer, server))

    def configure(self, server: Server, parameters: Mapping[str, str]) -> None:
        """Nothing: of PostgreSQL's parameters only rds.force_ssl is emulated, by the front."""

    def forces_tls(self, version: str, parameters: Mapping[str, str]) -> bool:
        chosen = parameters.get("rds.force_ssl")
        return (self.wanted_major(version) or 0) >= FORCED_SINCE if chosen is None else chosen == "1"

    def wanted_major(self, version: str) -> int | None:
        digits = version.partition(".")[0]
        return int(digits) if digits.isdigit() else None

    def endpoint(self, database: Database, rules: Callable[[], Rules]) -> Protocol:
        return partial(session, DatabaseEndpoint(cast(Awake, database), rules))

    def proxy_endpoint(self, target: Callable[[], Database | None], rules: Callable[[], ProxyRules]) -> Protocol:
        return partial(session, ProxyEndpoint(cast(Callable[[], Awake | None], target), rules))
