"""Snapshots as a step of the plan: announced before the approval, taken after it and before anything is changed."""

from __future__ import annotations

from dataclasses import replace

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.policy import opened, policy_change
from aurora_cfn.deploy.snapshot import Taking, at_risk, restore_commands, snapshot_name
from aurora_cfn.deploy.stakes import stakes
from aurora_cfn.model.database import ClusterSnapshot
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.stack import Stack

ENGINE = "aurora-postgresql"


def announced(engine: Engine, plan: StackPlan) -> StackPlan:
    """The plan with notes of what is at stake and which snapshots come first, and what becomes of the stack policy."""
    snapshots = (f"a snapshot of the cluster {name} is taken first" for name in _clusters(engine, plan))
    _tell_of_topics(engine, plan)
    notes = (*plan.notes, *stakes(engine, plan), *snapshots)
    return replace(plan, notes=notes, policy=policy_change(engine, plan), opened=opened(engine, plan))


def take_precautions(engine: Engine, plan: StackPlan) -> None:
    """Take the snapshots and say how to go back to them. Raises what `Taking.take` raises; nothing is changed then."""
    key, stack = plan.desired.key, plan.before
    for cluster in _clusters(engine, plan):
        assert engine.snapshots is not None
        assert stack is not None
        taking = Taking(engine.snapshots, engine.clock, lambda text: engine.listener.step(key, text), engine.stopping)
        snapshot = _snapshot(taking, cluster, engine.run, plan)
        commands = restore_commands(snapshot, _engine_of(engine, cluster), stack.region)
        engine.listener.step(key, f"the way back to {snapshot.identifier}:\n{commands}")


def _snapshot(taking: Taking, cluster: str, run: str, plan: StackPlan) -> ClusterSnapshot:
    """A new one, or what a run began that was killed just before it would have changed the stack."""
    begun = taking.begun(snapshot_name(cluster, killed) for killed in plan.killed)
    if begun is None:
        return taking.take(cluster, snapshot_name(cluster, run), plan.desired.tags)
    taking.tell(f"the snapshot {begun} of {cluster}, which the killed run began, is used")
    return taking.finished(begun)


def _tell_of_topics(engine: Engine, plan: StackPlan) -> None:
    """Topics are taken with a change set only; where there is none, they stay as they are, and that is not hidden."""
    before = plan.before
    if plan.change_set is None and before and set(before.notification_arns) != set(plan.desired.notification_arns):
        what = "its notification topics differ, and CloudFormation sees no change to take them with"
        engine.listener.warn(plan.desired.key, f"{what}: they follow with the next change")


def _clusters(engine: Engine, plan: StackPlan) -> list[str]:
    wanted = engine.snapshots is not None and plan.change_set is not None and isinstance(plan.before, Stack)
    return at_risk(plan.change_set) if wanted and plan.change_set else []


def _engine_of(engine: Engine, cluster: str) -> str:
    """The cluster's database engine, for the commands."""
    found = engine.databases.cluster(cluster) if engine.databases else None
    return found.engine if found else ENGINE
