"""One stack as far as a plan goes: a change set that is shown, let pass by the guard, and left in AWS."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aurora_cfn.deploy.deployment import Resolve, recorded
from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.foretelling import foretold
from aurora_cfn.deploy.precaution import announced
from aurora_cfn.deploy.prepare import discard, prepare, refuse_unready
from aurora_cfn.errors import BusyError, DeployError
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult


def plan_stack(
    engine: Engine, desired: DesiredStack, resolve: Resolve, keep: Callable[[StackPlan], None]
) -> StackResult:
    """What came of it; `keep` gets the plan of a stack that would change. Expected errors are in the result."""
    return recorded(engine, desired, lambda: _plan(engine, desired, resolve, keep))


def deferred(engine: Engine, desired: DesiredStack, reason: str) -> StackResult:
    """The result of a stack that cannot be planned yet, told to the listener."""
    engine.listener.warn(desired.key, f"not in this plan: {reason}")
    return recorded(engine, desired, lambda: StackResult(desired.key, desired.name, "deferred", cause=reason))


def foreseen(engine: Engine, desired: DesiredStack, missing: Sequence[str]) -> StackResult:
    """The result of a dry run of a stack that needs what is not there (`lacking`): what the template alone can tell."""
    reason = f"it needs {' and '.join(missing)}"
    remedy = "deploy that first to see the rest"
    return recorded(engine, desired, lambda: foretold(engine, desired, reason, remedy))


def _plan(engine: Engine, desired: DesiredStack, resolve: Resolve, keep: Callable[[StackPlan], None]) -> StackResult:
    parameters = resolve(desired)
    before = engine.cloudformation.stack(desired.name)
    if refuse_unready(engine, desired, before).move == "recreate":
        what = "its creation failed, and it must be deleted before it can be planned"
        raise DeployError(f"{desired.name}: {what}: `aurora-cfn recover {engine.where} --stack {desired.key}`")
    plan = announced(engine, prepare(engine, desired, parameters, before))
    if plan.empty:
        return StackResult(desired.key, desired.name, "unchanged", stack=before)
    try:
        if engine.stopping() or not engine.approve(plan):
            raise BusyError(f"{desired.name}: stopped before the plan was complete")
    except BaseException:
        discard(engine, plan)
        raise
    keep(plan)
    return StackResult(desired.key, desired.name, "planned", stack=before)
