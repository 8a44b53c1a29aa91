"""Copies of an environment's database: their stacks found in AWS, and a new one deployed as any other stack."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from aurora_cfn.aws.rds import AwsDatabases
from aurora_cfn.aws.snapshots import AwsSnapshotArchive
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.deploy import deploy
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.stack_status import is_created
from aurora_cfn.errors import InputError
from aurora_cfn.model.database_copy import CopyStack, DatabaseCopy, entry_of_copy
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.plan import StackResult
from aurora_cfn.model.stack import DELETED, Stack
from aurora_cfn.operate.database_copy import (
    CLUSTER_NAME,
    SNAPSHOT,
    Original,
    copies,
    copy_key,
    with_copy,
    with_data_of,
)
from aurora_cfn.operate.deleted_cluster import Remains, remains


def original_of(access: DatabaseAccess, stack: str | None) -> tuple[str, Original]:
    """Key of the stack with the database that is meant, and the database. Raises InputError when it has no cluster."""
    database = access.one_in_rds(stack)
    environment = access.target.environment
    entry = next(row for row in environment.stacks if row.name == database.stack)
    if database.kind != "db-cluster" or not database.identifier:
        what = f"{database.resource} of {database.stack} is not a cluster of Aurora in RDS"
        raise InputError(f"{what}: this command restores and copies clusters")
    deployed = access.target.cloudformation.stack(entry.name)
    cluster = access.target.databases.cluster(database.identifier)
    if deployed is None or cluster is None:
        raise InputError(f"{database.resource} of {database.stack} is gone")
    return entry.key, Original(deployed, cluster.identifier, cluster.subnet_group)


def deleted_original(access: DatabaseAccess, stack: str | None, cluster: str) -> tuple[str, Original, Remains]:
    """Key of the stack that had the deleted cluster, what is known of it, and what it left.

    Raises InputError where the cluster left nothing, and where several stacks could have had it.
    """
    target = access.target
    databases = target.databases
    archive = AwsSnapshotArchive(target.session)
    rows = archive.snapshots_of("", kind="db-cluster")
    found = remains(cluster, archive.kept_backups(), rows, target.owner, living(databases))
    entries = [row for row in target.environment.stacks if stack in {row.key, row.name} or not stack]
    able = [row for row in entries if target.templates[row.template].parameter(SNAPSHOT)]
    if len(able) != 1:
        all_able = [row for row in target.environment.stacks if target.templates[row.template].parameter(SNAPSHOT)]
        names = ", ".join(row.key for row in all_able) or "none"
        raise InputError(f"say with --stack whose template the cluster gets; stacks that can restore: {names}")
    deployed = target.cloudformation.stack(able[0].name)
    if deployed and deployed.exists:
        # Another cluster has taken its place, which the copy can be compared and swapped with.
        with suppress(InputError):
            return *original_of(access, able[0].key), found
    # What the data decide comes from what is left; the subnet group went with the stack.
    gone = Stack("", able[0].name, DELETED, parameters={"EngineVersion": found.version})
    return able[0].key, Original(gone, found.cluster), found


def living(databases: AwsDatabases) -> Callable[[str], str]:
    """A function that finds the resource id of the cluster that has an identifier now; empty without one."""

    def resource_id(name: str) -> str:
        found = databases.cluster(name)
        return (found.resource_id or name) if found else ""

    return resource_id


@dataclass(frozen=True, slots=True)
class Place:
    """Where a copy is made: the environment, the stack beside which it stands (its key), and what that stack has."""

    target: Target
    key: str
    beside: Original
    own_secret: bool = False


def place_in(access: DatabaseAccess, key: str, source: Original, of: Environment) -> Place:
    """Beside the stack of that key in another environment than `of`, for the data of `source`.

    The copy has the parameters of that stack, the version and the database of the source, and a secret of its own.
    Raises InputError where the stack is not deployed, and for another account or region, whose data RDS does not reach.
    """
    there = access.target.environment
    accounts = {row.account for row in (there, of) if row.account}
    if len(accounts) > 1 or there.region != of.region:
        where = " and ".join(f"{row.name} is in {row.region} {row.account or ''}".rstrip() for row in (of, there))
        raise InputError(f"RDS restores within one account and region, and {where}: share or copy a snapshot instead")
    key, beside = original_of(access, key)
    return Place(access.target, key, with_data_of(source.stack, beside), own_secret=True)


def found_copies(target: Target) -> tuple[CopyStack, ...]:
    """The deployed copies of the environment. Raises AwsError where stacks may not be listed."""
    return copies(target.cloudformation.root_stacks(), target.owner)


def copy_named(target: Target, stack: str | None, suffix: str) -> tuple[EnvironmentStack, CopyStack]:
    """The entry of the original in the params file, and the restored copy, or the one from before a swap.

    Raises InputError, with the copies that there are.
    """
    entries = {row.name: row for row in target.environment.stacks if stack in {None, row.key, row.name}}
    there = [row for row in found_copies(target) if row.of in entries and row.kind != "branch"]
    found = [row for row in there if suffix in {row.suffix, row.stack.name}]
    if len(found) > 1:
        raise InputError(f"{len(found)} stacks have a copy {suffix}: say which with --stack {entries[found[0].of].key}")
    if not found:
        names = ", ".join(f"{row.suffix} ({row.words})" for row in there) or "none"
        raise InputError(f"{target.environment.name} has no copy {suffix} of a database; its copies: {names}")
    return entries[found[0].of], found[0]


def target_with_stack(target: Target, copy: CopyStack) -> Target:
    """The target with the deployed stack of a copy among those of the environment, under its full name."""
    entry = entry_of_copy(target.environment, copy.stack)
    assert entry is not None
    return target.with_environment(replace(target.environment, stacks=(*target.environment.stacks, entry)))


def target_of_copy(target: Target, copy: DatabaseCopy, original: Original) -> Target:
    """The target with the stack of the copy among those of the environment, under `copy_key`. Raises InputError."""
    environment = target.environment
    template = target.templates[environment.entry(copy.of).template]
    return target.with_environment(with_copy(environment, copy, original, template))


def check_free(there: Target, copy: DatabaseCopy) -> None:
    """Raise InputError where a new copy's stack or cluster has the name of another; `there` is `target_of_copy`."""
    entry = there.environment.entry(copy_key(copy))
    stack, cluster = there.cloudformation.stack(entry.name), str(entry.parameters[CLUSTER_NAME])
    if stack and is_created(stack):
        raise InputError(f"there is a stack {entry.name} already, which is no copy of this environment: {_ANOTHER}")
    if there.databases.cluster(cluster):
        raise InputError(f"there is a cluster {cluster} already, outside of a copy: {_ANOTHER}")


_ANOTHER = "give the new one another name (--into)"


def deploy_copy(
    target: Target, copy: DatabaseCopy, original: Original, *, yes: bool
) -> tuple[Target, int, list[StackResult]]:
    """Deploy the copy alone: with a change set, checks, consent unless `yes`, and events; deploying it again is safe.

    The target reaches its database: `DatabaseAccess(it).one_in_rds(copy_key(copy))`. The number is the exit code.
    Raises and ends the command as `deploy` does.
    """
    there = target_of_copy(target, copy, original)
    run = Run(there, yes=yes)
    results = deploy(run, Choices(yes=yes), [copy_key(copy)])
    return there, run.exit_code(results), results
