"""`clients show`: all of one client."""

from __future__ import annotations

from aurora_cfn.cli.runs.client_database import client_database
from aurora_cfn.cli.runs.fleet import FleetRun
from aurora_cfn.deploy.failure import first_cause
from aurora_cfn.fleet.client_rows import shown
from aurora_cfn.fleet.client_state import client_state
from aurora_cfn.model.rows import Rows


def client_details(fleet: FleetRun, name: str) -> Rows:
    """One row with all of the client: ARNs and address, never a password."""
    client = fleet.one(name)
    cause, stack = "", client.stack
    if stack is not None and client_state(client) in {"failed", "stuck", "rolled back"}:
        event = first_cause(fleet.in_region(client.region).cloudformation.events(stack.arn))
        cause = f"{event.logical_id}: {event.reason or event.status}" if event else ""
    target = fleet.in_region(client.region)
    database = client_database(target, stack, fleet.template) if stack and stack.exists else None
    found = ("", "", "", "", "")
    if database:
        found = (database.cluster_arn, database.secret_arn, database.host, str(database.port), database.name)
    return shown(client, fleet.version, cause, found)
