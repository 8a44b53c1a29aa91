"""Before a change that puts data at risk: show its size and its newest backup, and take a snapshot.

Template and change set show that data could be lost; only RDS knows how much there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.snapshots import UPGRADES, SnapshotTask, at_risk, restore_commands, snapshot_name
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ResourceChange
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.rds_database import Cluster, DatabaseSize, DatabaseSnapshot, EventSource, Instance
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE
from aurora_cfn.ports import DatabaseSizes

UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


def data_at_risk(context: Context, plan: StackPlan) -> tuple[str, ...]:
    """A line for each database that the change set endangers; a failed call is named in the line, and stops nothing."""
    if context.rds.sizes is None or plan.change_set is None or plan.creates:
        return ()
    return tuple(_lines(context.rds.sizes, plan.change_set.changes, context.clock.now()))


def endangers(change: ResourceChange) -> bool:
    """Whether the change removes a database, may replace it, or gives it another engine or version."""
    # Without a physical id the resource was never created, and holds nothing.
    if change.type not in {CLUSTER, INSTANCE} or not change.physical_id:
        return False
    if change.action in {"Add", "Import"}:
        return False
    upgraded = any(detail.name in UPGRADES for detail in change.properties)
    # Dynamic: what is done is only known at the execution (ResourceChange, API reference).
    return change.action in {"Remove", "Dynamic"} or change.may_replace or upgraded


def size_and_backups(found: DatabaseSize, now: datetime) -> str:
    """`12.4 GiB, deletion protection on, restorable to 2 min ago, newest snapshot x (3 days old)`."""
    parts = [size_text(found.size), f"deletion protection {'on' if found.protected else 'off'}"]
    if found.restorable_to is not None:
        parts.append(f"restorable to {age_text(now - found.restorable_to)} ago")
    if found.snapshot_at is not None:
        parts.append(f"newest snapshot {found.snapshot} ({age_text(now - found.snapshot_at)} old)")
    elif (
        # Where snapshots may not be listed, there may be some.
        "rds:DescribeDBClusterSnapshots" not in found.refused_calls
        and "rds:DescribeDBSnapshots" not in found.refused_calls
    ):
        parts.append("no snapshot")
    parts += [f"{action} is refused" for action in found.refused_calls]
    return ", ".join(parts)


def size_text(size: int | None) -> str:
    """Bytes in the largest binary unit that fits; `size unknown` for None."""
    if size is None:
        return "size unknown"
    amount, unit = float(size), 0
    while amount >= 1024 and unit < len(UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{amount:.1f} {UNITS[unit]} of data" if unit else f"{size} bytes of data"


def age_text(age: timedelta) -> str:
    """`40 s`, `5 min`, `3 h`, `12 days`: whole units, at least two of them."""
    seconds = max(0, int(age.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 172_800 else f"{seconds // 86_400} days"


def _lines(sizes: DatabaseSizes, changes: tuple[ResourceChange, ...], now: datetime) -> Iterator[str]:
    for change in filter(endangers, changes):
        try:
            found = _size(sizes, change)
        except AwsError as error:
            yield f"{change.logical_id} ({change.physical_id}): its size and backups are not known: {error}"
            continue
        if found is not None:
            yield f"{change.logical_id} is {change.physical_id}: {size_and_backups(found, now)}"


def _size(sizes: DatabaseSizes, change: ResourceChange) -> DatabaseSize | None:
    if change.type == CLUSTER:
        return sizes.cluster_size(change.physical_id)
    return sizes.instance_size(change.physical_id)


NOUNS: dict[EventSource, str] = {"db-cluster": "cluster", "db-instance": "instance"}


def with_snapshot_notes(context: Context, plan: StackPlan) -> StackPlan:
    """The plan with notes on the data at risk and on the snapshots to take."""
    snapshots = tuple(
        f"a snapshot of the {NOUNS[kind]} {name} is taken first" for kind, name in _endangered(context, plan)
    )
    _warn_of_topics(context, plan)
    notes = (*plan.notes, *data_at_risk(context, plan), *snapshots)
    return replace(plan, notes=notes, snapshots=snapshots)


def take_snapshots(context: Context, plan: StackPlan) -> None:
    """Take the snapshots and show the commands that restore them.

    Raises what `SnapshotTask.take` raises; nothing is changed then.
    """
    key, stack = plan.desired.key, plan.before
    for kind, database in _endangered(context, plan):
        assert context.rds.snapshots is not None
        assert stack is not None
        show = partial(context.listener.step, key)
        task = SnapshotTask(context.rds.snapshots, context.clock, show, context.stopping)
        snapshot = _snapshot(task, database, kind, context.run.id, plan)
        # Read before the change: afterwards the database may be gone, and with it its subnets and security groups.
        commands = restore_commands(snapshot, _running(context, kind, database), stack.region)
        context.listener.step(key, f"to restore {snapshot.identifier}:\n{commands}")


def _snapshot(task: SnapshotTask, database: str, kind: EventSource, run: str, plan: StackPlan) -> DatabaseSnapshot:
    """A new snapshot, or the one that a killed run started shortly before it would have changed the stack."""
    begun = task.begun(database, (snapshot_name(database, killed) for killed in plan.killed), kind)
    if begun is None:
        return task.take(database, snapshot_name(database, run), plan.desired.tags, kind)
    task.show(f"the snapshot {begun} of {database}, which the killed run began, is used")
    return task.finished(begun, kind)


def _warn_of_topics(context: Context, plan: StackPlan) -> None:
    """Warn that notification topics stay as they are: only a change set can change them, and there is none."""
    before = plan.before
    if plan.change_set is None and before and set(before.notification_arns) != set(plan.desired.notification_arns):
        what = "its notification topics differ, and CloudFormation sees no change to take them with"
        context.listener.warn(plan.desired.key, f"{what}: they follow with the next change")


def _endangered(context: Context, plan: StackPlan) -> list[tuple[EventSource, str]]:
    """What a snapshot is taken of: clusters, which hold the data of their instances, and other instances."""
    if context.rds.snapshots is None or plan.change_set is None or plan.before is None:
        return []
    # An instance of a cluster has no data of its own: RDS refuses CreateDBSnapshot for it.
    alone = [name for name in at_risk(plan.change_set, INSTANCE) if _stands_alone(context, plan, name)]
    clusters: list[tuple[EventSource, str]] = [("db-cluster", name) for name in at_risk(plan.change_set)]
    return [*clusters, *(("db-instance", name) for name in alone)]


def _stands_alone(context: Context, plan: StackPlan, instance: str) -> bool:
    """Whether the instance exists and is in no cluster; False, with a warning, where RDS cannot be read."""
    try:
        found = context.rds.databases.instance(instance) if context.rds.databases else None
    except AwsError as error:
        context.listener.warn(plan.desired.key, f"no snapshot of {instance}, of which nothing can be read: {error}")
        return False
    return found is not None and not found.cluster


def _running(context: Context, kind: EventSource, database: str) -> Cluster | Instance | None:
    """The running database, for the restore commands; None where it cannot be read, which does not stop the change."""
    databases = context.rds.databases
    if databases is None:
        return None
    try:
        return databases.cluster(database) if kind == "db-cluster" else databases.instance(database)
    except AwsError:
        return None
