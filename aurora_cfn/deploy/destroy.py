"""Destroy stacks: everything is checked before anything is deleted, and what will remain is listed beforehand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.delete_stack import delete
from aurora_cfn.deploy.stack_result import recorded
from aurora_cfn.deploy.stack_status import DELETED, stack_status
from aurora_cfn.errors import DENIED, UNSUPPORTED, BusyError, InputError, suppress_codes
from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.plan import StackResult
from aurora_cfn.model.rds_database import AutomatedBackups
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE
from aurora_cfn.model.stack import Stack, StackResource
from aurora_cfn.ports import Account, CloudFormation, Databases
from aurora_cfn.report.text import amount
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import Resource
from aurora_cfn.template.resources import resources as existing_resources
from aurora_cfn.template.side import deployed_side


@dataclass(frozen=True, slots=True)
class DestroyPorts:
    """The ports to read from; `leaving` are the names of all stacks that this run deletes."""

    cloudformation: CloudFormation
    databases: Databases
    account: Account
    leaving: frozenset[str]


@dataclass(frozen=True, slots=True)
class Deletion:
    """One stack that would be deleted: what remains of it, and what prevents the deletion, a sentence each.

    `backups` are the clusters whose automated backups RDS would keep.
    """

    entry: EnvironmentStack
    stack: Stack
    resources: tuple[StackResource, ...] = ()
    survivors: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    backups: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key in the params file."""
        return self.entry.key


def inspected(
    ports: DestroyPorts, entry: EnvironmentStack, retain: Collection[str], *, keeps_protection: bool = True
) -> Deletion | None:
    """What deleting the stack would do; None when it does not exist. Raises BusyError during another operation.

    Without `keeps_protection` the caller switches protection off itself, so that it is no obstacle and not asked for.
    """
    # A stack in review is deleted like any other: it is empty, but its name is taken.
    stack = ports.cloudformation.stack(entry.name)
    if stack is None or stack.status == DELETED:
        return None
    if stack_status(stack).move == "wait":
        raise BusyError(f"{stack.name} is in {stack.status}: destroy it when that has ended")
    resources = tuple(row for row in ports.cloudformation.resources(stack.arn) if row.exists)
    policies, with_backups = _policies(ports.cloudformation, stack)
    # Retain and RetainExceptOnCreate: the cluster stays, so its backups are not those of a deleted one.
    kept = {name for name in with_backups if name not in retain and not policies.get(name, "").startswith("Retain")}
    backups = tuple(row.physical_id for row in resources if row.logical_id in kept)
    deletion = Deletion(entry, stack, resources, backups=backups)
    survivors = tuple(_left_after_deletion(resources, policies, with_backups, retain))
    protections = tuple(_protections(ports, deletion, policies, retain)) if keeps_protection else ()
    return replace(deletion, survivors=survivors, obstacles=(*protections, *_imports(ports, stack)))


def without_room(
    deletions: Sequence[Deletion], databases: Databases, kept: Callable[[], Sequence[AutomatedBackups]]
) -> list[str]:
    """A sentence where RDS would refuse the deletions, as it keeps too many automated backups; `kept` lists those.

    Asked only where clusters leave some. RDS keeps the backups of as many deleted clusters as it allows clusters
    (API reference of DeleteDBCluster, DBClusterAutomatedBackupQuotaExceededFault, 2026-11-29).
    """
    more = sum(len(row.backups) for row in deletions)
    quota, count = None, 0
    # Another emulator may not have the calls.
    with suppress_codes(DENIED, UNSUPPORTED):
        quota = databases.quotas().get("DBClusters") if more else None
        count = len(kept()) if quota else 0
    if quota is None or count + more <= quota.limit:
        return []
    room = f"RDS keeps the automated backups of {count} deleted clusters here, at most {quota.limit}"
    remedy = "deploy with DeleteAutomatedBackups=true first, or delete old ones"
    return [f"{room}: those of {amount(more, 'more cluster')} do not fit, and the deletion would fail; {remedy}"]


def destroyed(context: Context, deletion: Deletion, retain: Sequence[str]) -> StackResult:
    """The result of the deletion; expected errors are in it, so that other stacks can continue."""
    key, name = deletion.key, deletion.stack.name

    def work() -> StackResult:
        events = delete(context, key, deletion.stack, retain=retain)
        return StackResult(key, name, "deleted", events=tuple(events))

    return recorded(context, key, name, work)


def _policies(cloudformation: CloudFormation, stack: Stack) -> tuple[Mapping[str, str], frozenset[str]]:
    """What the deletion does with each deployed resource: its DeletionPolicy, or the default of its type.

    And the clusters that keep their automated backups.
    """
    try:
        side = deployed_side(stack, cloudformation.template(stack.arn))
    except InputError:
        # A stack that was never created may have no template; its resources are still deleted.
        return {}, frozenset()
    rows = existing_resources(Evaluator(side))
    clusters = rows.of_type(CLUSTER)
    kept = frozenset(row.logical_id for row in clusters if row.properties.get("DeleteAutomatedBackups") == "false")
    return {name: _policy(row) for name, row in rows.items()}, kept


def _policy(row: Resource) -> str:
    """The policy of one resource. An instance of a cluster has no data of its own, so no snapshot of it is taken."""
    known = stateful_types().get(row.type)
    default = known.default_deletion if known else "Delete"
    written = row.attributes.get("DeletionPolicy", default)
    policy = written if isinstance(written, str) else default
    member = known is not None and known.member_of in row.properties
    return "Delete" if member and policy == "Snapshot" else policy


def _left_after_deletion(
    resources: Sequence[StackResource],
    policies: Mapping[str, str],
    with_backups: Collection[str],
    retain: Collection[str],
) -> Iterator[str]:
    for row in resources:
        policy = policies.get(row.logical_id, "Delete")
        if row.logical_id in retain or policy.startswith("Retain"):
            yield f"{row.logical_id} ({row.type}) stays as it is: {row.physical_id}"
            continue
        left = [f"a final snapshot of {row.physical_id}"] * (policy == "Snapshot")
        if row.logical_id in with_backups:
            left.append(f"automated backups of {row.physical_id} until their retention ends")
        if left:
            yield f"{row.logical_id} ({row.type}) leaves {' and '.join(left)}"


def _protections(
    ports: DestroyPorts, deletion: Deletion, policies: Mapping[str, str], retain: Collection[str]
) -> Iterator[str]:
    stack = deletion.stack
    if stack.protected:
        yield f"{stack.name}: termination protection is on; deploy with `protect: false` first"
    for row in deletion.resources:
        kept = row.logical_id in retain or policies.get(row.logical_id, "").startswith("Retain")
        if not kept and _is_protected(ports.databases, row):
            remedy = "deploy with DeletionProtection=false first"
            yield f"{stack.name}: deletion protection of {row.logical_id} ({row.physical_id}) is on; {remedy}"


def _imports(ports: DestroyPorts, stack: Stack) -> Iterator[str]:
    # CloudFormation refuses DeleteStack as a whole while an export is imported; stacks of this run go in order.
    for output in stack.outputs:
        users = _importers(ports.account, output.export) - ports.leaving
        if users:
            yield f"{stack.name}: its export {output.export} is used by {', '.join(sorted(users))}; destroy that first"


def _is_protected(databases: Databases, row: StackResource) -> bool:
    """Whether RDS would refuse the deletion; False without the permission to read it: the deletion then shows it."""
    read = {CLUSTER: databases.cluster, INSTANCE: databases.instance}.get(row.type)
    with suppress_codes(DENIED):
        found = read(row.physical_id) if read else None
        return bool(found and found.protected)
    return False


def _importers(account: Account, export: str) -> frozenset[str]:
    with suppress_codes(DENIED):
        return frozenset(account.importers(export) if export else ())
    return frozenset()
