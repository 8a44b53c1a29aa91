"""In which state a client of a pool is, in one table, and the names of its role and database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, TypeAlias

from aurora_cfn.environment.pool_stack import DSQL, INSTEAD, NO_DATA_API, OTHER_ENGINE
from aurora_cfn.errors import InputError
from aurora_cfn.fleet.client_state import check_client, stack_name
from aurora_cfn.model.fleet_client import PoolClient, PoolDatabase
from aurora_cfn.model.rows import Database

PoolState: TypeAlias = Literal["ready", "incomplete", "claimed", "unclaimed", "elsewhere"]
ADVICE: dict[PoolState, str] = {
    "incomplete": "its creation or deletion was interrupted: `clients create` or `clients delete` finishes it",
    "claimed": "its creation was interrupted: `clients create` continues, `clients delete` frees the name",
    "unclaimed": "another create could take its name: `clients create` with its region claims it again",
    "elsewhere": "its claim names another region: `clients delete` with --region deletes this database alone",
}


def pool_state(client: PoolClient) -> PoolState:
    """The state of the client."""
    if client.database is None:
        return "claimed"
    if not client.claimed:
        return "unclaimed"
    if client.claimed != client.region:
        return "elsewhere"
    return "ready" if client.database.there else "incomplete"


def role_name(fleet: str, client: str) -> str:
    """`clientdb-acme`: the name of the role and of the database. Raises InputError for a client that can have none."""
    # 30 + 1 + 30 characters: within the 63 bytes of a name in PostgreSQL.
    return stack_name(fleet, check_client(client))


def joined_clients(
    claimed: Mapping[str, str], found: Mapping[str, Sequence[PoolDatabase]], unread: Collection[str]
) -> tuple[PoolClient, ...]:
    """Claims beside the databases of each region that was read; a database in another region is a client of its own.

    Claims in `unread` regions are left out.
    """
    rows = [
        PoolClient(one.client, region, claimed.get(one.client, ""), one)
        for region, databases in found.items()
        for one in databases
    ]
    there = {(row.name, row.region) for row in rows}
    rows += [
        PoolClient(name, region, region, None)
        for name, region in claimed.items()
        if (name, region) not in there and region not in unread
    ]
    return tuple(sorted(rows, key=lambda row: (row.name, row.region)))


def check_pool(database: Database) -> Database:
    """The database of the shared cluster. Raises InputError where clients cannot have databases in it."""
    if database.signed:
        what = f"{DSQL}; {INSTEAD}"
    elif database.engine != "postgresql":
        what = f"{OTHER_ENGINE.format(database.engine)}; {INSTEAD}"
    elif not database.has_data_api:
        what = f"{NO_DATA_API}: switch it on"
    else:
        return database
    raise InputError(f"fleet.pool: {database.stack} {what}")
