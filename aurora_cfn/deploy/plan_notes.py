"""What a plan says beside its changes: the data at risk, the snapshots to take, and the change of the stack policy."""

from __future__ import annotations

from dataclasses import replace

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.stack_policy import opened, policy_change
from aurora_cfn.model.plan import StackPlan


def with_notes(context: Context, plan: StackPlan) -> StackPlan:
    """The plan with its notes, its snapshots, and the change of the stack policy."""
    # A new stack has no data yet: what is known about databases is not loaded for it.
    if plan.before is not None:
        from aurora_cfn.deploy.before_change import with_snapshot_notes

        plan = with_snapshot_notes(context, plan)
    return replace(plan, policy=policy_change(context, plan), opened=opened(context, plan))
