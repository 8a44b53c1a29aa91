"""Port forwarding by Session Manager: what is asked for, and the session that it gives."""

from __future__ import annotations

from dataclasses import dataclass, field

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
