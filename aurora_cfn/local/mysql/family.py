"""MySQL as an engine of the register; MariaDB stands in for it where it is what the machine has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aurora_cfn.local.front.listener import Protocol
from aurora_cfn.local.home import Home
from aurora_cfn.local.mysql import administration, binaries
from aurora_cfn.local.mysql.binaries import environment, series
from aurora_cfn.local.mysql.front.endpoints import DatabaseEndpoint, ProxyEndpoint
from aurora_cfn.local.mysql.front.handshake import session
from aurora_cfn.local.mysql.options import of_group
from aurora_cfn.local.mysql.secret import secret_of
from aurora_cfn.local.mysql.server import END_SIGNAL, MysqlServer, running_pid
from aurora_cfn.local.servers.certificate import server_certificate
from aurora_cfn.local.servers.engine import Awake, ProxyRules, Rules
from aurora_cfn.local.servers.owner import Owner, runs
from aurora_cfn.local.servers.program import Program


@dataclass(frozen=True)
class MysqlEngine:
    """What `servers.engine.Engine` describes; `home` has the secret and the certificate of the servers."""

    home: Home
    name = "mysql"
    end_signal = END_SIGNAL
    find = staticmethod(binaries.find)
    installed = staticmethod(binaries.installed)
    running_pid = staticmethod(running_pid)
    set_up = staticmethod(administration.set_up)
    set_password = staticmethod(administration.set_password)
    usage = staticmethod(administration.usage)

    def prepared(self, found: Program, who: Owner, shelter: Path) -> Program | None:  # noqa: ARG002
        command = [str(found.executable), "--no-defaults", "--version"]
        return found if runs(command, who, environment(found.executable)) else None

    def gone(self, major: int) -> Program:
        # A series is 804 for 8.4 and 1011 for 10.11: MariaDB begins at 10, and MySQL has not reached it.
        product = "MariaDB" if major >= 1000 else "MySQL"
        return Program(product, Path("/nowhere/mysqld"), f"{major // 100}.{major % 100}.0", major, "gone")

    def server(self, folder: Path, sockets: Path, binaries: Program, who: Owner) -> MysqlServer:
        secret, certificate = secret_of(self.home), server_certificate(self.home.postgres)
        return MysqlServer(folder, sockets, binaries, who, secret, certificate)

    def configure(self, server: MysqlServer, parameters: Mapping[str, str]) -> None:
        server.configure(of_group(parameters))

    def forces_tls(self, version: str, parameters: Mapping[str, str]) -> bool:
        """See Engine. The parameter is ON by default since Aurora MySQL 8.4 (Aurora User Guide, read 2026-11)."""
        chosen = parameters.get("require_secure_transport")
        return series(version) >= 804 if chosen is None else chosen.upper() in ("ON", "1")

    def wanted_major(self, version: str) -> int | None:
        return series(version) or None

    def endpoint(self, database: Awake[MysqlServer], rules: Callable[[], Rules]) -> Protocol:
        return partial(session, DatabaseEndpoint(database, rules))

    def proxy_endpoint(
        self, target: Callable[[], Awake[MysqlServer] | None], rules: Callable[[], ProxyRules]
    ) -> Protocol:
        return partial(session, ProxyEndpoint(target, rules))
