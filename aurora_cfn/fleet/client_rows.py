"""The clients of a fleet as rows."""

from __future__ import annotations

from collections.abc import Iterable

from aurora_cfn.fleet.client_state import ADVICE, client_state
from aurora_cfn.model.fleet_client import FleetClient
from aurora_cfn.model.rows import Column, Rows

LISTED = ("client", "region", "state", "version", "current", "stack", "created", "parameters")
SHOWN = (*LISTED, "stack_arn", "status", "advice", "cause", "cluster_arn", "secret_arn", "host", "port", "database")


def listed(clients: Iterable[FleetClient], version: str) -> Rows:
    """A row for each client; `current` is whether it is at that version."""
    columns = tuple(Column(name, "bool" if name == "current" else "text") for name in LISTED)
    return Rows(columns, tuple(_row(client, version) for client in clients))


def shown(client: FleetClient, version: str, cause: str, database: tuple[str, str, str, str, str]) -> Rows:
    """One row with all of a client: `database` is the ARNs of its cluster and secret, its host, port and name."""
    stack = client.stack
    more = (
        stack.arn if stack else None,
        stack.status if stack else None,
        ADVICE.get(client_state(client)),
        cause or None,
        *(text or None for text in database),
    )
    columns = tuple(Column(name, "bool" if name == "current" else "text") for name in SHOWN)
    return Rows(columns, ((*_row(client, version), *more),))


def _row(client: FleetClient, version: str) -> tuple[str | bool | None, ...]:
    stack = client.stack
    created = f"{stack.created:%Y-%m-%d %H:%M}Z" if stack and stack.created else None
    own = " ".join(f"{name}={value}" for name, value in client.own_parameters.items())
    name = stack.name if stack else None
    at = client.version or None
    return client.name, client.region, client_state(client), at, client.version == version, name, created, own or None
