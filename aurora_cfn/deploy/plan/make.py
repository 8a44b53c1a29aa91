"""The plan of one stack for a plan file: its change set is created, shown and left in AWS."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.deploy.context import Approve, Context
from aurora_cfn.deploy.deploy_stack import Resolve, with_notes
from aurora_cfn.deploy.ownership import claim
from aurora_cfn.deploy.prepare import discard, prepare, refuse_unready
from aurora_cfn.deploy.stack_result import as_recorded
from aurora_cfn.errors import BusyError, DeployError
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult


@as_recorded
def deferred(context: Context, desired: DesiredStack, reason: str) -> StackResult:
    """The result of a stack that cannot be planned yet; the listener gets the reason."""
    context.listener.warn(desired.key, f"not in this plan: {reason}")
    return StackResult(desired.key, desired.name, "deferred", cause=reason)


@as_recorded
def plan_stack(
    context: Context, desired: DesiredStack, resolve: Resolve, approve: Approve, keep: Callable[[StackPlan], None]
) -> StackResult:
    """The result; `keep` gets the plan of a stack that would change."""
    # First: a value that is missing is a better message than the status of a stack.
    parameters = resolve(desired)
    before = context.cloudformation.stack(desired.name)
    claim(context, desired.key, before)
    if refuse_unready(context, desired, before).move == "recreate":
        what = "its creation failed, and it must be deleted before it can be planned"
        raise DeployError(f"{desired.name}: {what}: `aurora-cfn recover {context.env_option} --stack {desired.key}`")
    plan = with_notes(context, prepare(context, desired, parameters, before))
    if plan.empty:
        return StackResult(desired.key, desired.name, "unchanged", stack=before)
    try:
        if context.stopping() or not approve(plan):
            raise BusyError(f"{desired.name}: stopped before the plan was complete")
    # Ctrl-C too: no plan file would name the change set, and anyone could execute it.
    except BaseException:
        discard(context, plan)
        raise
    keep(plan)
    return StackResult(desired.key, desired.name, "planned", stack=before)
