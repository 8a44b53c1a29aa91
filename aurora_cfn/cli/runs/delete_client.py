"""`clients delete`: protection off, a final snapshot, the stack, and the claim on the name last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from aurora_cfn.aws.cloudformation import AwsAccount
from aurora_cfn.aws.deletion_protection import AwsDeletionProtection
from aurora_cfn.aws.rds import AwsDatabases, AwsSnapshots
from aurora_cfn.cli.runs.destroy import DestroyRun
from aurora_cfn.cli.runs.fleet import FleetRun
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.prompt import named
from aurora_cfn.deploy.destroy import CLUSTER, INSTANCE, Deletion, DestroyPorts, inspected
from aurora_cfn.deploy.snapshots import SnapshotTask, identifier_with
from aurora_cfn.errors import EXIT_NEGATIVE
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.fleet_client import FleetClient
from aurora_cfn.model.rds_database import EventSource
from aurora_cfn.model.stack import Stack


def delete_client(fleet: FleetRun, name: str, *, yes: bool, confirmed: Sequence[str]) -> int:
    """Delete the client after consent; the exit code. A run that was killed is finished by the same command."""
    client = fleet.one(name)
    stack = client.stack
    if stack is not None and (stack.exists or stack.in_review):
        code = _delete_stack(fleet, client, stack, yes=yes, confirmed=confirmed)
        if code:
            return code
    # Last: until then no other create can take the name, and a killed run is seen in `clients check`.
    if client.claimed == client.region:
        fleet.directory.release(name)
        info(f"the name {name} is free again")
    return 0


def _delete_stack(fleet: FleetRun, client: FleetClient, stack: Stack, *, yes: bool, confirmed: Sequence[str]) -> int:
    entry = EnvironmentStack(stack.name, stack.name, fleet.fleet.template, stack.parameters, fleet.fleet.line)
    there = fleet.in_region(client.region)
    # As the only stack of the environment: nothing else can be meant.
    environment = replace(there.environment, stacks=(entry,), protect=False)
    alone = there.with_environment(environment)
    found = inspected(_ports(alone, stack.name), entry, ())
    if found is None:
        return 0
    if not _agreed(fleet, alone, stack, yes=yes, confirmed=confirmed):
        info("declined: nothing was deleted")
        return EXIT_NEGATIVE
    if stack.protected:
        alone.cloudformation.set_protection(stack.arn, on=False)
    _release_databases(alone, found)
    return DestroyRun(alone, [entry.key], retain=(), yes=True, confirmed=()).destroy(1)


def _ports(target: Target, leaving: str) -> DestroyPorts:
    session = target.session
    return DestroyPorts(target.cloudformation, AwsDatabases(session), AwsAccount(session), frozenset({leaving}))


def _agreed(fleet: FleetRun, target: Target, stack: Stack, *, yes: bool, confirmed: Sequence[str]) -> bool:
    if fleet.target.environment.protect:
        return named(stack.name, confirmed)
    question = f"Delete {stack.name} in {stack.region} with its database, after a final snapshot?"
    return yes or stack.name in confirmed or Run(target, yes=False).questions.agreed(question)


def _release_databases(target: Target, deletion: Deletion) -> None:
    """Switch off the deletion protection of the databases, and take the snapshots that no DeletionPolicy takes.

    Not by a change set: in a stack that is stuck none can be made, and such a stack may be deleted nevertheless.
    """
    databases, protection = AwsDatabases(target.session), AwsDeletionProtection(target.session)
    run = Run(target, yes=True)
    task = SnapshotTask(AwsSnapshots(target.session), run.clock, info)
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
            name = identifier_with(identifier, f"-final-{run.clock.now():%Y%m%d-%H%M%S}")
            task.take(identifier, name, dict(deletion.stack.tags), kind)


def _databases(deletion: Deletion) -> Iterator[tuple[EventSource, str, bool]]:
    """Each database with whether CloudFormation keeps its data: retained, or in a final snapshot."""
    kinds: dict[str, EventSource] = {CLUSTER: "db-cluster", INSTANCE: "db-instance"}
    for row in deletion.resources:
        if row.type in kinds:
            kept = any(line.startswith(f"{row.logical_id} (") for line in deletion.survivors)
            yield kinds[row.type], row.physical_id, kept
