"""`clients delete`: protection off, a final snapshot, the stack, and the claim on the name last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.database_swap import AwsDeletionProtection
from aurora_cfn.aws.dsql import AwsDsql
from aurora_cfn.aws.rds import AwsSnapshots
from aurora_cfn.aws.snapshots import AwsSnapshotArchive
from aurora_cfn.cli.runs.destroy import DestroyRun, destroy_ports
from aurora_cfn.cli.runs.fleet import FleetRun
from aurora_cfn.cli.runs.pool import PoolRun
from aurora_cfn.cli.runs.pool_changes import delete_from_pool
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import declined, info
from aurora_cfn.cli.terminal.prompt import named
from aurora_cfn.deploy.destroy import Deletion, inspected, without_room
from aurora_cfn.deploy.snapshots import SnapshotTask, identifier_with
from aurora_cfn.errors import GuardError, InputError
from aurora_cfn.fleet.client_state import stack_key
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.fleet_client import FleetClient
from aurora_cfn.model.rds_database import EventSource
from aurora_cfn.model.resource_types import CLUSTER, DSQL, INSTANCE
from aurora_cfn.model.stack import Stack


def delete_clients(
    fleet: FleetRun, names: Sequence[str], *, yes: bool, confirmed: Sequence[str], snapshot: bool, parallel: int
) -> int:
    """Delete the clients after consent; the exit code. A run that was killed is finished by the same command.

    Of a pool, `snapshot` is whether one of the shared cluster is taken before.
    """
    if fleet.fleet.pool:
        return delete_from_pool(PoolRun(fleet), names, confirmed, snapshot=snapshot)
    if not snapshot:
        raise click.UsageError("--no-snapshot is for a pool: a client's own cluster leaves its final snapshot")
    clients = _found(fleet, names)
    stacks = [row.stack for row in clients if row.stack is not None and (row.stack.exists or row.stack.in_review)]
    if not _agreed(fleet, stacks, yes=yes, confirmed=confirmed):
        return declined("nothing was deleted")
    # Before anything is deleted: of two deletions at once, the second one must not free what a create took in between.
    held = {row.name: fleet.directory.held(row.name) for row in clients if row.claimed == row.region}
    regions = dict.fromkeys(row.region for row in stacks)
    codes = [
        _delete_stacks(fleet, region, [row for row in stacks if row.region == region], parallel) for region in regions
    ]
    for client in clients:
        gone = fleet.directory.stack(client.name, client.region) is None if any(codes) else True
        # Last: until then no other create can take the name, and a killed run is seen in `clients check`.
        if gone and client.name in held and fleet.directory.release(client.name, held[client.name]):
            info(f"the name {client.name} is free again")
    return max(codes, default=0)


def _found(fleet: FleetRun, names: Sequence[str]) -> list[FleetClient]:
    """The clients; with a warning without those that are gone, as a run that was killed freed names already.

    Raises InputError where none of them is a client.
    """
    found, missing = [], []
    for name in dict.fromkeys(names):
        try:
            found.append(fleet.one(name))
        except InputError as error:
            missing.append(str(error))
    if not found:
        raise InputError("\n".join(missing))
    for line in missing:
        info(line, "warning")
    return found


def _delete_stacks(fleet: FleetRun, region: str, stacks: Sequence[Stack], parallel: int) -> int:
    entries = tuple(
        EnvironmentStack(
            stack_key(row.name.removeprefix(f"{fleet.fleet.name}-")),
            row.name,
            fleet.fleet.template,
            row.parameters,
            fleet.fleet.line,
        )
        for row in stacks
    )
    target = fleet.in_region(region)
    # As the only stacks of the environment: nothing else can be meant.
    alone = target.with_environment(replace(target.environment, stacks=entries, protect=False))
    ports = destroy_ports(alone, [row.name for row in stacks])

    def released(deletion: Deletion) -> Deletion:
        if deletion.stack.protected:
            alone.cloudformation.set_protection(deletion.stack.arn, on=False)
        _release_databases(alone, deletion)
        # Room for its backups was looked at: RDS need not be asked for it once more.
        return replace(deletion, stack=replace(deletion.stack, protected=False), backups=())

    with ThreadPoolExecutor(parallel) as pool:
        look = partial(inspected, ports, retain=(), keeps_protection=False)
        there = [row for row in pool.map(look, entries) if row is not None]
        # Before any protection is off: nothing of these clients changes when one of them cannot be deleted.
        full = without_room(there, ports.databases, lambda: AwsSnapshotArchive(alone.session).kept_backups())
        if obstacles := [*(line for row in there for line in row.obstacles), *full]:
            raise GuardError("\n".join(["nothing was deleted:", *obstacles]))
        found = list(pool.map(released, there))
    keys = [row.key for row in entries]
    return DestroyRun(alone, keys, yes=True, deletions=found).destroy(parallel)


def _agreed(fleet: FleetRun, stacks: Sequence[Stack], *, yes: bool, confirmed: Sequence[str]) -> bool:
    names = [row.name for row in stacks]
    if fleet.target.environment.protect:
        return all(named(name, confirmed) for name in names)
    unnamed = ", ".join(f"{row.name} in {row.region}" for row in stacks if row.name not in confirmed)
    question = f"Delete {unnamed} with its data, after a final snapshot where the database has them?"
    return yes or not unnamed or Run(fleet.target, yes=False).questions.agreed(question)


def _release_databases(target: Target, deletion: Deletion) -> None:
    """Switch off the deletion protection of the databases, and take the snapshots that no DeletionPolicy takes.

    Not by a change set: in a stack that is stuck none can be made, and such a stack may be deleted nevertheless.
    """
    databases, protection = target.databases, AwsDeletionProtection(target.session)
    clock = SystemClock()
    task = SnapshotTask(AwsSnapshots(target.session), clock, info)
    for row in deletion.resources:
        # A cluster that the stack keeps, as with the template dsql, also keeps its protection.
        if row.type == DSQL and not _is_kept(deletion, row.logical_id):
            AwsDsql(target.session).unprotect(row.physical_id)
            info(f"deletion protection of {row.physical_id} is off; Aurora DSQL has no final snapshot")
    for kind, identifier, kept in _databases(deletion):
        instance = databases.instance(identifier) if kind == "db-instance" else None
        found = instance or (databases.cluster(identifier) if kind == "db-cluster" else None)
        if found is None:
            continue
        if found.protected:
            protection.switch_off(identifier, kind)
            info(f"deletion protection of {identifier} is off")
        # An instance of a cluster has no data of its own.
        if not kept and not (instance and instance.cluster):
            name = identifier_with(identifier, f"-final-{clock.now():%Y%m%d-%H%M%S}")
            task.take(identifier, name, dict(deletion.stack.tags), kind)


def _databases(deletion: Deletion) -> Iterator[tuple[EventSource, str, bool]]:
    """Each database with whether CloudFormation keeps its data: retained, or in a final snapshot."""
    kinds: dict[str, EventSource] = {CLUSTER: "db-cluster", INSTANCE: "db-instance"}
    for row in deletion.resources:
        if row.type in kinds:
            yield kinds[row.type], row.physical_id, _is_kept(deletion, row.logical_id)


def _is_kept(deletion: Deletion, logical_id: str) -> bool:
    return any(line.startswith(f"{logical_id} (") for line in deletion.survivors)
