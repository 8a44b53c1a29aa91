"""The clients of a fleet, with stacks or in a pool, and the stack instances of a fleet of accounts, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aurora_cfn.fleet import pool_state as pooled
from aurora_cfn.fleet.account_plan import client_of
from aurora_cfn.fleet.account_review import name_of
from aurora_cfn.fleet.client_state import ADVICE, client_state
from aurora_cfn.model.fleet_accounts import FleetAccounts
from aurora_cfn.model.fleet_client import FleetClient, PoolClient
from aurora_cfn.model.rows import Cell, Database, Rows
from aurora_cfn.model.stack_set import StackInstance

_TYPES = {"current": "bool", "in_params": "bool", "bytes": "int8", "sessions": "int8", "limit": "int4"}
"""The types of the columns that are no text."""
LISTED = ("client", "region", "state", "version", "current", "stack", "created", "parameters")
SHOWN = (*LISTED, "stack_arn", "status", "advice", "cause", "cluster_arn", "secret_arn", "host", "port", "database")


def listed(clients: Iterable[FleetClient], version: str) -> Rows:
    """A row for each client; `current` is whether it is at that version."""
    return Rows.of(LISTED, (_row(client, version) for client in clients), **_TYPES)


def shown(client: FleetClient, version: str, cause: str, database: Database | None) -> Rows:
    """One row with all of a client: `cause` is why its stack failed, empty for a good one."""
    arn, status = (client.stack.arn, client.stack.status) if client.stack else (None, None)
    place: tuple[str | None, ...] = (None,) * 5
    if database:
        host, port = database.host or None, str(database.port)
        place = database.cluster_arn or None, database.secret_arn or None, host, port, database.name or None
    row = (*_row(client, version), arn, status, ADVICE.get(client_state(client)), cause or None, *place)
    return Rows.of(SHOWN, [row], **_TYPES)


def _row(client: FleetClient, version: str) -> tuple[str | bool | None, ...]:
    stack = client.stack
    created = f"{stack.created:%Y-%m-%d %H:%M}Z" if stack and stack.created else None
    own = " ".join(f"{name}={value}" for name, value in client.own_parameters.items())
    name = stack.name if stack else None
    at = client.version or None
    return client.name, client.region, client_state(client), at, client.version == version, name, created, own or None


COLUMNS = ("client", "account", "region", "state", "in_params", "stack", "reason")
MISSING = "missing"
"""The state of what the params file has and the StackSet lacks."""


def instance_rows(instances: Sequence[StackInstance], accounts: FleetAccounts) -> Rows:
    """A row for each instance, and for each client and region without one; sorted by client."""
    found: list[tuple[str | bool | None, ...]] = []
    for row in instances:
        client = client_of(row, accounts.clients)
        wanted = client is not None and row.region in client.regions
        stack = row.stack_id.split("/")[1] if "/" in row.stack_id else None
        found.append(
            (name_of(row, accounts.clients), row.account, row.region, _state(row), wanted, stack, row.reason or None)
        )
    for client in accounts.clients:
        there = {row.region for row in instances if client_of(row, accounts.clients) is client}
        for region in client.regions:
            if region not in there:
                place = client.account or client.unit
                found.append((client.name, place, region, MISSING, True, None, None))
    return Rows.of(COLUMNS, sorted(found, key=lambda row: (str(row[0]), str(row[1]), str(row[2]))), **_TYPES)


def _state(instance: StackInstance) -> str:
    """`current`, or `outdated (failed)` with the detailed status where that says more."""
    status, detail = instance.status.lower(), instance.detail.lower()
    return status if detail in {"", status, "succeeded"} else f"{status} ({detail})"


POOL_LISTED = ("client", "region", "state", "version", "current", "database", "bytes", "sessions", "limit")
POOL_SHOWN = (*POOL_LISTED, "stack", "advice", "cluster_arn", "secret_arn", "host", "port")


def pool_listed(clients: Iterable[PoolClient], version: str) -> Rows:
    """A row for each client; `current` is whether it is at that version."""
    return Rows.of(POOL_LISTED, (_pool_row(client, version) for client in clients), **_TYPES)


def pool_shown(client: PoolClient, version: str, shared: Database | None, secret_arn: str) -> Rows:
    """One row with all of a client; `shared` is the master user's database in the cluster."""
    advice = pooled.ADVICE.get(pooled.pool_state(client))
    place: tuple[Cell, ...] = (None, advice, None, None, None, None)
    if shared:
        place = shared.stack, advice, shared.cluster_arn, secret_arn or None, shared.host, str(shared.port)
    return Rows.of(POOL_SHOWN, [(*_pool_row(client, version), *place)], **_TYPES)


def _pool_row(client: PoolClient, version: str) -> tuple[Cell, ...]:
    at, one = client.version, client.database
    sizes: tuple[Cell, ...] = (one.name, one.size, one.sessions, one.limit) if one else (None,) * 4
    return (client.name, client.region, pooled.pool_state(client), at or None, at == version, *sizes)
