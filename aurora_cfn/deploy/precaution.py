"""Snapshots as a step of the plan: announced before the approval, taken after it and before anything is changed."""

from __future__ import annotations

from dataclasses import replace

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.policy import opened, policy_change
from aurora_cfn.deploy.snapshot import INSTANCE, Taking, at_risk, restore_commands, snapshot_name
from aurora_cfn.deploy.stakes import stakes
from aurora_cfn.errors import AwsError
from aurora_cfn.model.database import Cluster, DatabaseSnapshot, EventSource, Instance
from aurora_cfn.model.plan import StackPlan

WORDS: dict[EventSource, str] = {"db-cluster": "cluster", "db-instance": "instance"}


def announced(engine: Engine, plan: StackPlan) -> StackPlan:
    """The plan with notes of what is at stake and which snapshots come first, and what becomes of the stack policy."""
    snapshots = [f"a snapshot of the {WORDS[kind]} {name} is taken first" for kind, name in _endangered(engine, plan)]
    _tell_of_topics(engine, plan)
    notes = (*plan.notes, *stakes(engine, plan), *snapshots)
    return replace(plan, notes=notes, policy=policy_change(engine, plan), opened=opened(engine, plan))


def take_precautions(engine: Engine, plan: StackPlan) -> None:
    """Take the snapshots and say how to go back to them. Raises what `Taking.take` raises; nothing is changed then."""
    key, stack = plan.desired.key, plan.before
    for kind, database in _endangered(engine, plan):
        assert engine.snapshots is not None
        assert stack is not None
        taking = Taking(engine.snapshots, engine.clock, lambda text: engine.listener.step(key, text), engine.stopping)
        snapshot = _snapshot(taking, database, kind, engine.run, plan)
        commands = restore_commands(snapshot, _running(engine, kind, database), stack.region)
        engine.listener.step(key, f"the way back to {snapshot.identifier}:\n{commands}")


def _snapshot(taking: Taking, database: str, kind: EventSource, run: str, plan: StackPlan) -> DatabaseSnapshot:
    """A new one, or what a run began that was killed just before it would have changed the stack."""
    begun = taking.begun(database, (snapshot_name(database, killed) for killed in plan.killed), kind)
    if begun is None:
        return taking.take(database, snapshot_name(database, run), plan.desired.tags, kind)
    taking.tell(f"the snapshot {begun} of {database}, which the killed run began, is used")
    return taking.finished(begun, kind)


def _tell_of_topics(engine: Engine, plan: StackPlan) -> None:
    """Topics are taken with a change set only; where there is none, they stay as they are, and that is not hidden."""
    before = plan.before
    if plan.change_set is None and before and set(before.notification_arns) != set(plan.desired.notification_arns):
        what = "its notification topics differ, and CloudFormation sees no change to take them with"
        engine.listener.warn(plan.desired.key, f"{what}: they follow with the next change")


def _endangered(engine: Engine, plan: StackPlan) -> list[tuple[EventSource, str]]:
    """What a snapshot is taken of: clusters, and instances that belong to none, because a cluster holds its data."""
    if engine.snapshots is None or plan.change_set is None or plan.before is None:
        return []
    alone = [name for name in at_risk(plan.change_set, INSTANCE) if _stands_alone(engine, plan, name)]
    clusters: list[tuple[EventSource, str]] = [("db-cluster", name) for name in at_risk(plan.change_set)]
    return [*clusters, *(("db-instance", name) for name in alone)]


def _stands_alone(engine: Engine, plan: StackPlan, instance: str) -> bool:
    """Whether there is such an instance, outside of any cluster; one about which nothing is told gets no snapshot."""
    try:
        found = engine.databases.instance(instance) if engine.databases else None
    except AwsError as error:
        engine.listener.warn(plan.desired.key, f"no snapshot of {instance}, of which nothing can be read: {error}")
        return False
    return found is not None and not found.cluster


def _running(engine: Engine, kind: EventSource, database: str) -> Cluster | Instance | None:
    """The database as it runs, for the commands; None where it cannot be read, which stops nobody."""
    if engine.databases is None:
        return None
    try:
        return engine.databases.cluster(database) if kind == "db-cluster" else engine.databases.instance(database)
    except AwsError:
        return None
