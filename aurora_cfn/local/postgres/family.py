"""PostgreSQL as an engine of the register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from aurora_cfn.local.front.listener import Protocol
from aurora_cfn.local.postgres import administration, binaries, installation
from aurora_cfn.local.postgres.front.endpoints import DatabaseEndpoint, ProxyEndpoint
from aurora_cfn.local.postgres.front.session import session
from aurora_cfn.local.postgres.parameters import of_group
from aurora_cfn.local.postgres.server import END_SIGNAL, PostgresServer, running_pid
from aurora_cfn.local.servers.engine import Awake, ProxyRules, Rules
from aurora_cfn.local.servers.program import Program

# Major version from which rds.force_ssl is 1 by default in RDS for PostgreSQL (RDS User Guide, "Requiring an SSL
# connection"); Aurora, whose default changed later, is treated alike.
FORCED_SINCE = 15


class PostgresEngine:
    """What `servers.engine.Engine` describes."""

    name = "postgres"
    end_signal = END_SIGNAL
    find = staticmethod(binaries.find)
    installed = staticmethod(binaries.installed)
    prepared = staticmethod(installation.prepared)
    server = staticmethod(PostgresServer)
    set_up = staticmethod(administration.set_up)
    set_password = staticmethod(administration.set_password)
    usage = staticmethod(administration.usage)

    def gone(self, major: int) -> Program:
        return binaries.program_in(Path("/nowhere"), str(major), "gone")

    def running_pid(self, folder: Path) -> int | None:
        return running_pid(folder / "data")

    def configure(self, server: PostgresServer, parameters: Mapping[str, str]) -> None:
        server.configure(of_group(parameters))

    def forces_tls(self, version: str, parameters: Mapping[str, str]) -> bool:
        chosen = parameters.get("rds.force_ssl")
        return (self.wanted_major(version) or 0) >= FORCED_SINCE if chosen is None else chosen == "1"

    def wanted_major(self, version: str) -> int | None:
        digits = version.partition(".")[0]
        return int(digits) if digits.isdigit() else None

    def endpoint(self, database: Awake[PostgresServer], rules: Callable[[], Rules]) -> Protocol:
        return partial(session, DatabaseEndpoint(database, rules))

    def proxy_endpoint(
        self, target: Callable[[], Awake[PostgresServer] | None], rules: Callable[[], ProxyRules]
    ) -> Protocol:
        return partial(session, ProxyEndpoint(target, rules))
