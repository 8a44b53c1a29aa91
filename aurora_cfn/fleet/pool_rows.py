"""The clients of a pool as rows."""

from __future__ import annotations

from collections.abc import Iterable

from aurora_cfn.fleet.pool_state import ADVICE, pool_state
from aurora_cfn.model.fleet_client import PoolClient
from aurora_cfn.model.rows import Cell, Column, Database, Rows

LISTED = {
    "client": "text", "region": "text", "state": "text", "version": "text", "current": "bool", "database": "text",
    "bytes": "int8", "sessions": "int8", "limit": "int4",
}  # fmt: skip
SHOWN = {
    **LISTED,
    **dict.fromkeys(("stack", "advice", "cluster_arn", "secret_arn", "host", "port"), "text"),
}


def pool_listed(clients: Iterable[PoolClient], version: str) -> Rows:
    """A row for each client; `current` is whether it is at that version."""
    return Rows(_columns(LISTED), tuple(_row(client, version) for client in clients))


def pool_shown(client: PoolClient, version: str, shared: Database | None, secret_arn: str) -> Rows:
    """One row with all of a client; `shared` is the master user's database in the cluster."""
    advice = ADVICE.get(pool_state(client))
    place: tuple[Cell, ...] = (None, advice, None, None, None, None)
    if shared:
        place = shared.stack, advice, shared.cluster_arn, secret_arn or None, shared.host, str(shared.port)
    return Rows(_columns(SHOWN), ((*_row(client, version), *place),))


def _columns(kinds: dict[str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name, kind in kinds.items())


def _row(client: PoolClient, version: str) -> tuple[Cell, ...]:
    at, one = client.version, client.database
    sizes: tuple[Cell, ...] = (one.name, one.size, one.sessions, one.limit) if one else (None,) * 4
    return (client.name, client.region, pool_state(client), at or None, at == version, *sizes)
