"""MySQL as an engine of the register; MariaDB stands in for it where it is what the machine has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from aurora_cfn.local.front.listener import Protocol
from aurora_cfn.local.home import Home
from aurora_cfn.local.mysql import administration, binaries
from aurora_cfn.local.mysql.binaries import Installation, environment, series
from aurora_cfn.local.mysql.front.endpoints import Awake, DatabaseEndpoint, ProxyEndpoint
from aurora_cfn.local.mysql.front.handshake import session
from aurora_cfn.local.mysql.options import of_group
from aurora_cfn.local.mysql.secret import secret_of
from aurora_cfn.local.mysql.server import MysqlServer, running_pid
from aurora_cfn.local.servers.certificate import server_certificate
from aurora_cfn.local.servers.database_server import Database
from aurora_cfn.local.servers.engine import Program, ProxyRules, Rules, Server
from aurora_cfn.local.servers.owner import Owner, runs


class MysqlEngine:
    """The methods that `servers.engine.Engine` describes; every server given to them is one of its own."""

    name = "mysql"

    def __init__(self, home: Home) -> None:
        """Nothing is made yet."""
        self._home = home

    def find(self, environ: Mapping[str, str], major: int | None) -> Installation | None:
        return binaries.find(environ, major)

    def installed(self, environ: Mapping[str, str]) -> Sequence[Installation]:
        return binaries.installed(environ)

    def prepared(self, found: Program, who: Owner, shelter: Path) -> Installation | None:  # noqa: ARG002
        mine = cast(Installation, found)
        command = [str(mine.program), "--no-defaults", "--version"]
        return mine if runs(command, who, environment(mine.program)) else None

    def gone(self, major: int) -> Installation:
        # A series is 804 for 8.4 and 1011 for 10.11: MariaDB begins at 10, and MySQL has not reached it.
        return Installation(Path("/nowhere/mysqld"), f"{major // 100}.{major % 100}.0", major >= 1000, "gone")

    def server(self, folder: Path, sockets: Path, binaries: Program, who: Owner) -> MysqlServer:
        secret, certificate = secret_of(self._home), server_certificate(self._home.postgres)
        return MysqlServer(folder, sockets, cast(Installation, binaries), who, secret, certificate)

    def running_pid(self, folder: Path) -> int | None:
        return running_pid(folder)

    def set_up(self, server: Server, user: str, password: str, database: str) -> None:
        administration.set_up(cast(MysqlServer, server), user, password, database)

    def set_password(self, server: Server, user: str, password: str) -> None:
        administration.set_password(cast(MysqlServer, server), user, password)

    def usage(self, server: Server) -> Mapping[str, float]:
        return administration.usage(cast(MysqlServer, server))

    def configure(self, server: Server, parameters: Mapping[str, str]) -> None:
        cast(MysqlServer, server).configure(of_group(parameters))

    def forces_tls(self, version: str, parameters: Mapping[str, str]) -> bool:
        """See Engine. The parameter is ON by default since Aurora MySQL 8.4 (Aurora User Guide, read 2026-11)."""
        chosen = parameters.get("require_secure_transport")
        return series(version) >= 804 if chosen is None else chosen.upper() in ("ON", "1")

    def wanted_major(self, version: str) -> int | None:
        return series(version) or None

    def endpoint(self, database: Database, rules: Callable[[], Rules]) -> Protocol:
        return partial(session, DatabaseEndpoint(cast(Awake, database), rules))

    def proxy_endpoint(self, target: Callable[[], Database | None], rules: Callable[[], ProxyRules]) -> Protocol:
        return partial(session, ProxyEndpoint(cast(Callable[[], Awake | None], target), rules))
