"""`clients create`: room is checked, names are claimed, then the stacks are deployed as any others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aurora_cfn.cli.runs.deploy import deploy
from aurora_cfn.cli.runs.fleet import FleetRun
from aurora_cfn.cli.runs.pool import PoolRun
from aurora_cfn.cli.runs.pool_changes import create_in_pool, refuse_elsewhere
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.context import Choices
from aurora_cfn.fleet.client_state import USABLE, client_state
from aurora_cfn.fleet.quotas import needs_of, refuse_full
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.fleet_client import FleetClient


def create_clients(fleet: FleetRun, names: Sequence[str], own: Mapping[str, str], *, yes: bool, parallel: int) -> int:
    """Create the stacks of the clients that have none; the exit code. Creating a client again changes nothing.

    Raises InputError, before anything is claimed, for names, values, and a region that is full or another one.
    """
    if fleet.fleet.pool:
        return create_in_pool(PoolRun(fleet), names, own, yes=yes)
    region = fleet.region or fleet.fleet.regions[0]
    wanted = {name: fleet.entry(name, dict(own)) for name in dict.fromkeys(names)}
    listed = fleet.directory.clients()
    refuse_elsewhere({row.name: row.region for row in listed}, wanted, region)
    known = {row.name: row for row in listed if row.region == region and row.stack is not None}
    for name in wanted:
        # Not only those of the list: a stack of another owner may have the name.
        fleet.directory.stack(name, region)
    new = [name for name in wanted if name not in known]
    if new:
        template = fleet.target.templates[fleet.fleet.template].template
        needs = needs_of(template, {**fleet.fleet.defaults, **own})
        quotas = fleet.directory.regions(region).databases.quotas()
        refuse_full(fleet.fleet, region, len(known), len(new), quotas, needs)
    claimed = {name: fleet.directory.held(name) for name in wanted if fleet.directory.claim(name, region)}
    try:
        return _deployed(fleet, region, _unfinished(wanted, known), yes=yes, parallel=parallel)
    finally:
        for name, held in claimed.items():
            # What was declined or refused before it began frees the name again.
            if name not in known and fleet.directory.stack(name, region) is None:
                fleet.directory.release(name, held)


def _deployed(fleet: FleetRun, region: str, chosen: Mapping[str, EnvironmentStack], *, yes: bool, parallel: int) -> int:
    if not chosen:
        return 0
    run = Run(fleet.with_entries(region, chosen.values()), yes=yes)
    # A stack whose creation failed holds nothing, so it is deleted without a question. OnFailure stays ROLLBACK: with
    # DELETE the stack would be gone, and with it the events that name the first cause.
    choices = Choices(yes=yes, recreate=True)
    keys = [entry.key for entry in chosen.values()]
    results = deploy(run, choices, keys, parallel=parallel)
    return run.exit_code(results)


def _unfinished(
    wanted: Mapping[str, EnvironmentStack], known: Mapping[str, FleetClient]
) -> dict[str, EnvironmentStack]:
    """The stacks to deploy: not those that are there, which only `upgrade` changes."""
    found = {}
    for name, entry in wanted.items():
        state = client_state(known[name]) if name in known else "claimed"
        if state in {*USABLE, "unclaimed"}:
            words = "is there, and its name is claimed again" if state == "unclaimed" else f"is there ({state})"
            info(f"{entry.name} {words}: nothing to create")
        else:
            found[name] = entry
    return found
