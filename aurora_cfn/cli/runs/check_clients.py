"""`clients check`: where claims and stacks disagree, and whether the databases answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from aurora_cfn.cli.runs.client_database import client_database, prove_database
from aurora_cfn.cli.runs.fleet import FleetRun
from aurora_cfn.errors import AwsError
from aurora_cfn.fleet.client_state import ADVICE, USABLE, client_state
from aurora_cfn.model.fleet_client import FleetClient
from aurora_cfn.model.rows import Column, Rows

COLUMNS = ("client", "region", "finding", "advice")


def check_clients(fleet: FleetRun, sql: str, parallel: int) -> Rows:
    """A row for each finding: a state that needs work, and with `sql` each database whose answer is not yes."""
    clients = fleet.clients()
    found = [*_states(clients), *(_answers(fleet, clients, sql, parallel) if sql else ())]
    return Rows(tuple(Column(name, "text") for name in COLUMNS), tuple(sorted(found)))


def _states(clients: Sequence[FleetClient]) -> Iterator[tuple[str, str, str, str]]:
    for client in clients:
        state = client_state(client)
        if state in ADVICE:
            yield client.name, client.region, state, ADVICE[state]


def _answers(
    fleet: FleetRun, clients: Sequence[FleetClient], sql: str, parallel: int
) -> Iterator[tuple[str, str, str, str]]:
    usable = [client for client in clients if client_state(client) in USABLE]

    def wrong(client: FleetClient) -> str:
        assert client.stack is not None
        target = fleet.in_region(client.region)
        try:
            prove_database(target, client_database(target, client.stack, fleet.template), sql)
        except AwsError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(parallel) as pool:
        for client, cause in zip(usable, pool.map(wrong, usable), strict=True):
            if cause:
                yield client.name, client.region, f"{sql}: {cause}", "look at it with `aurora-cfn clients show`"
