"""A tunnel to a database of an environment, and the port forwarding by Session Manager that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from aurora_cfn.model.ownership import Owner
from aurora_cfn.model.rows import Engine


@dataclass(frozen=True, slots=True)
class DatabaseTunnel:
    """From `port` on 127.0.0.1 through `via` to `host` and `host_port`, the database `name` of an environment.

    `stack` is its name in AWS, `key` the one in the params file; `url` has neither user nor password. One in the
    background has two processes: the `keeper`, and the `plugin` that carries its data.
    """

    env: str
    stack: str
    via: str
    host: str
    host_port: int
    port: int
    name: str
    since: datetime
    url: str = ""
    engine: Engine = "postgresql"
    key: str = ""
    branch: str = ""
    client: str = ""
    keeper: Owner | None = None
    plugin: Owner | None = None

    @property
    def ends(self) -> str:
        """Where it begins and leads to, for messages."""
        return f"127.0.0.1:{self.port} -> {self.host}:{self.host_port}"

    @property
    def variables(self) -> str:
        """The settings of psql or mysql in one line; libpq verifies the server by the host's own name."""
        if self.engine == "mysql":
            return f"MYSQL_HOST=127.0.0.1 MYSQL_TCP_PORT={self.port}"
        return f"PGHOST={self.host} PGHOSTADDR=127.0.0.1 PGPORT={self.port} PGDATABASE={self.name}"

    def record(self) -> dict[str, Any]:
        """All values, for a file."""
        return asdict(self) | {"since": self.since.isoformat()}


def read_tunnel(record: Mapping[str, Any]) -> DatabaseTunnel:
    """The tunnel of `record`. Raises KeyError, TypeError and ValueError for anything else."""
    owners = {name: Owner(**record[name]) if record[name] else None for name in ("keeper", "plugin")}
    return DatabaseTunnel(**{**record, **owners, "since": datetime.fromisoformat(record["since"])})


FORWARDING = "AWS-StartPortForwardingSessionToRemoteHost"
"""The document of Systems Manager that forwards a port through a managed node to another host."""


@dataclass(frozen=True, slots=True)
class PortForwarding:
    """From `local_port` on 127.0.0.1 through `target` (`i-...`, `ecs:CLUSTER_TASK_RUNTIME`) to `host` and `port`."""

    target: str
    host: str
    port: int
    local_port: int

    @property
    def parameters(self) -> dict[str, list[str]]:
        """Parameters of the document FORWARDING."""
        return {
            "host": [self.host],
            "portNumber": [str(self.port)],
            "localPortNumber": [str(self.local_port)],
        }


@dataclass(frozen=True, slots=True)
class ForwardingSession:
    """A session of StartSession; the token is a secret."""

    identifier: str
    url: str
    token: str = field(repr=False)
