"""`clients check`: where claims and stacks disagree, and whether the databases answer."""

from __future__ import annotations

from aurora_cfn.cli.runs.client_database import client_database, prove_database
from aurora_cfn.cli.runs.client_findings import answer_findings, finding_rows, state_findings
from aurora_cfn.cli.runs.fleet import FleetRun
from aurora_cfn.errors import AwsError
from aurora_cfn.fleet.client_state import ADVICE, USABLE, client_state
from aurora_cfn.model.fleet_client import FleetClient
from aurora_cfn.model.rows import Rows


def check_clients(fleet: FleetRun, sql: str, parallel: int) -> Rows:
    """A row for each finding: a state that needs work, and with `sql` each database whose answer is not yes."""
    clients = fleet.clients()
    usable = [client for client in clients if client_state(client) in USABLE] if sql else []

    def problem(client: FleetClient) -> str:
        assert client.stack is not None
        target = fleet.in_region(client.region)
        try:
            prove_database(target, client_database(target, client.stack, fleet.template), sql)
        except AwsError as error:
            return str(error)
        return ""

    states = state_findings(clients, client_state, ADVICE)
    return finding_rows([*states, *answer_findings(usable, problem, sql, parallel)])
