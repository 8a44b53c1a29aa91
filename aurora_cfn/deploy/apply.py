"""Executing exactly the change set of a plan, or refusing with what moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from aurora_cfn.deploy.attach import settled
from aurora_cfn.deploy.deployment import Resolve, carry_out, recorded
from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.execute import SUCCESS
from aurora_cfn.deploy.moved import moved_inputs, moved_stack, moved_values
from aurora_cfn.deploy.overtaken import GONE
from aurora_cfn.deploy.plan_file import AGAIN
from aurora_cfn.deploy.policy import opened, policy_change
from aurora_cfn.deploy.prepare import SHELL, refuse_unready
from aurora_cfn.errors import AwsError, DeployError, StaleError
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.plan_file import PlanFile, PlannedStack
from aurora_cfn.model.stack import Stack


def apply_stack(engine: Engine, desired: DesiredStack, planned: PlannedStack, resolve: Resolve) -> StackResult:
    """What came of it; expected errors are in the result. A plan that is declined or refused stays as it is."""
    return recorded(engine, desired, lambda: _apply(engine, desired, planned, resolve))


def checked(engine: Engine, desired: DesiredStack, planned: PlannedStack, resolve: Resolve) -> StackPlan:
    """The plan as it stands in AWS, only read; without its change set when an earlier run has executed that.

    Raises StaleError with everything that moved.
    """
    stack = engine.cloudformation.stack(planned.arn)
    change_set, trouble = _change_set(engine, planned)
    before = None if planned.creates else stack
    plan = StackPlan(desired, resolve(desired), before, change_set, planned.event, planned.made_stack, planned.notes)
    found = [*moved_inputs(planned, plan)]
    if trouble and stack is not None and _begun(stack, planned):
        plan = replace(plan, before=stack)
    else:
        found += [*_moved(engine, planned, stack), *trouble]
    if change_set is not None:
        found += moved_values(plan, change_set)
    refuse_moved(desired.name, found)
    return replace(plan, policy=policy_change(engine, plan), opened=opened(engine, plan))


def refuse_moved(name: str, found: Iterable[str]) -> None:
    """Raise StaleError with all of them; nothing when nothing moved."""
    lines = "".join(f"\n  {line}" for line in found)
    if lines:
        raise StaleError(f"{name} is not as it was planned; nothing of it was executed, {AGAIN}:{lines}")


def refuse_elsewhere(file: PlanFile, what: str, old: str, new: str) -> None:
    """Raise StaleError where the plan was made for another region or account."""
    refuse_moved(file.environment, [f"the {what} was {old} and is {new}"] if old != new else [])


def _apply(engine: Engine, desired: DesiredStack, planned: PlannedStack, resolve: Resolve) -> StackResult:
    plan = checked(engine, desired, planned, resolve)
    events: tuple[StackEvent, ...] = ()
    resumed = bool(planned.change_set) and plan.change_set is None
    if resumed:
        plan, events = _rest(engine, plan)
    if plan.empty:
        return StackResult(desired.key, desired.name, "unchanged", stack=plan.before, events=events, resumed=resumed)
    if engine.stopping() or not engine.approve(plan):
        return StackResult(desired.key, desired.name, "declined", stack=plan.before)
    return carry_out(replace(engine, approve=lambda _: True), plan)


def _rest(engine: Engine, plan: StackPlan) -> tuple[StackPlan, tuple[StackEvent, ...]]:
    """What an earlier run that was killed has left to do after the change set, which is followed to its end first.

    With the events of what was followed.

    Raises BusyError while somebody else is at work on the stack, DeployError when what was executed failed.
    """
    desired = plan.desired
    engine.listener.step(desired.key, "an earlier run has executed its change set")
    arrival = settled(engine, desired)
    stack = arrival.stack
    refuse_unready(engine, desired, stack)
    if stack is None or stack.status not in SUCCESS:
        status = stack.status if stack else "DELETE_COMPLETE"
        raise DeployError(f"{desired.name}: an earlier run executed the plan, and the stack ended in {status}: {AGAIN}")
    return replace(plan, before=stack), arrival.events


def _begun(stack: Stack, planned: PlannedStack) -> bool:
    """Whether the planned change set is the one that was executed last; a stack in review has executed none."""
    return stack.change_set_arn == planned.change_set and stack.status != SHELL


def _moved(engine: Engine, planned: PlannedStack, stack: Stack | None) -> list[str]:
    newest = engine.cloudformation.newest_event(planned.arn) if stack and not planned.creates else None
    return [*moved_stack(planned, stack, newest)]


def _change_set(engine: Engine, planned: PlannedStack) -> tuple[ChangeSet | None, list[str]]:
    if not planned.change_set:
        return None, []
    try:
        found = engine.cloudformation.change_set(planned.change_set)
    except AwsError as error:
        if error.code in GONE:
            return None, ["its change set is gone: it was deleted, or another one was executed"]
        raise
    if found.execution_status == "AVAILABLE":
        return found, []
    return None, [f"its change set cannot be executed any more ({found.execution_status}, {found.status})"]
