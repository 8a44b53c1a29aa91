"""`clients list`, `show` and `check`: of clients with stacks of their own, and of those of a pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aurora_cfn.cli.runs.database import DatabaseAccess, databases_in, waking_data_api
from aurora_cfn.cli.runs.fleet import FleetRun
from aurora_cfn.cli.runs.pool import PoolRun
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.deploy.failure import first_cause
from aurora_cfn.errors import AuroraCfnError
from aurora_cfn.fleet import client_state as own
from aurora_cfn.fleet import pool_state as pooled
from aurora_cfn.fleet.client_rows import listed, pool_listed, shown
from aurora_cfn.model.fleet_client import FleetClient, PoolClient
from aurora_cfn.model.resource_types import DSQL
from aurora_cfn.model.rows import Database, Rows
from aurora_cfn.model.stack import Stack
from aurora_cfn.sql.find_database import data_api_database
from aurora_cfn.sql.resuming import STATEMENT, prove_client

Client = TypeVar("Client", FleetClient, PoolClient)
State = TypeVar("State", bound=str)
COLUMNS = ("client", "region", "finding", "advice")


def clients_of(fleet: FleetRun) -> Rows:
    """The clients of the fleet as rows."""
    if fleet.fleet.pool:
        pool = PoolRun(fleet)
        return pool_listed(pool.clients(), pool.version)
    return listed(fleet.clients(), fleet.version)


def client_details(fleet: FleetRun, name: str) -> Rows:
    """One row with all of the client: ARNs and address, never a password."""
    if fleet.fleet.pool:
        return PoolRun(fleet).details(name)
    client = fleet.one(name)
    target, stack, cause = fleet.in_region(client.region), client.stack, ""
    if stack is not None and own.client_state(client) in {"failed", "stuck", "rolled back"}:
        event = first_cause(target.cloudformation.events(stack.arn))
        cause = f"{event.logical_id}: {event.reason or event.status}" if event else ""
    database = client_database(target, stack, fleet.template) if stack and stack.exists else None
    return shown(client, fleet.version, cause, database)


def check_clients(fleet: FleetRun, sql: str, parallel: int) -> Rows:
    """A row for each finding: a state that needs work, and with `sql` each database whose answer is not yes."""
    if fleet.fleet.pool:
        return _check_pool(PoolRun(fleet), sql or STATEMENT, parallel)

    def prove(client: FleetClient) -> None:
        assert client.stack is not None
        target = fleet.in_region(client.region)
        prove_database(target, client_database(target, client.stack, fleet.template), sql)

    states = [(row, own.client_state(row)) for row in fleet.clients()]
    usable = [row for row, state in states if sql and state in own.USABLE]
    return _findings(states, own.ADVICE, usable, prove, sql, parallel)


def _check_pool(pool: PoolRun, sql: str, parallel: int) -> Rows:
    """Also without `--check` each client must be able to use its database itself."""

    def prove(client: PoolClient) -> None:
        cluster = pool.cluster(client.region)
        prove_client(cluster.api, cluster.login(client.name), sql)

    states = [(row, pooled.pool_state(row)) for row in pool.clients()]
    usable = [row for row, state in states if state == "ready"]
    return _findings(states, pooled.ADVICE, usable, prove, sql, parallel)


def _findings(
    states: Sequence[tuple[Client, State]],
    advice: Mapping[State, str],
    usable: Sequence[Client],
    prove: Callable[[Client], None],
    sql: str,
    parallel: int,
) -> Rows:
    """The findings in the order of clients: states with an advice, and the usable databases that `prove` refuses."""

    def problem(client: Client) -> str:
        try:
            prove(client)
        except AuroraCfnError as error:
            return str(error)
        return ""

    found: list[tuple[str, str, str, str]] = []
    found += [(row.name, row.region, state, advice[state]) for row, state in states if state in advice]
    with ThreadPoolExecutor(parallel) as threads:
        for client, cause in zip(usable, threads.map(problem, usable), strict=True):
            if cause:
                remedy = "look at it with `aurora-cfn clients show`"
                found.append((client.name, client.region, f"{sql}: {cause}", remedy))
    return Rows.of(COLUMNS, sorted(found))


def client_database(target: Target, stack: Stack, template: str) -> Database | None:
    """The database that the stack's outputs name, else the first one of Aurora DSQL; None without one."""
    # Only Aurora DSQL is looked for with calls: of an RDS database without Data API nothing can be asked.
    found = data_api_database(stack)
    if found or DSQL not in template:
        return found
    return next((one for one in databases_in(target, stack) if one.signed), None)


def prove_database(target: Target, database: Database | None, sql: str) -> str:
    """What `prove_client` says of the database; called in any thread."""
    if database and database.signed:
        access = DatabaseAccess(target)
        return prove_client(access.wire(database), database, sql)
    # Without the line about the wait: several threads would write over each other's.
    return prove_client(waking_data_api(target.session, None), database, sql)
