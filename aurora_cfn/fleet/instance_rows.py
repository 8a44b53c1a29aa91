"""The stack instances of a fleet of accounts as rows."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.fleet.account_plan import client_of
from aurora_cfn.fleet.account_review import name_of
from aurora_cfn.model.fleet_accounts import FleetAccounts
from aurora_cfn.model.rows import Column, Rows
from aurora_cfn.model.stack_set import StackInstance

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
    columns = tuple(Column(name, "bool" if name == "in_params" else "text") for name in COLUMNS)
    return Rows(columns, tuple(sorted(found, key=lambda row: (str(row[0]), str(row[1]), str(row[2])))))


def _state(instance: StackInstance) -> str:
    """`current`, or `outdated (failed)` with the detailed status where that says more."""
    status, detail = instance.status.lower(), instance.detail.lower()
    return status if detail in {"", status, "succeeded"} else f"{status} ({detail})"
