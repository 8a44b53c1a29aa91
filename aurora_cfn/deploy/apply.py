"""Executing exactly the change set of a plan, or refusing with what moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from aurora_cfn.deploy.deployment import Resolve, carry_out, recorded
from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.moved import moved_inputs, moved_stack, moved_values
from aurora_cfn.deploy.overtaken import GONE
from aurora_cfn.deploy.plan_file import AGAIN
from aurora_cfn.deploy.policy import opened, policy_change
from aurora_cfn.errors import AwsError, StaleError
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.plan_file import PlannedStack


def apply_stack(engine: Engine, desired: DesiredStack, planned: PlannedStack, resolve: Resolve) -> StackResult:
    """What came of it; expected errors are in the result. A plan that is declined or refused stays as it is."""
    return recorded(engine, desired, lambda: _apply(engine, desired, planned, resolve))


def checked(engine: Engine, desired: DesiredStack, planned: PlannedStack, resolve: Resolve) -> StackPlan:
    """The plan as it stands in AWS, only read. Raises StaleError with everything that moved."""
    stack = engine.cloudformation.stack(planned.arn)
    newest = engine.cloudformation.newest_event(planned.arn) if stack and not planned.creates else None
    change_set, trouble = _change_set(engine, planned)
    before = None if planned.creates else stack
    since = planned.event
    plan = StackPlan(desired, resolve(desired), before, change_set, since, planned.made_stack, planned.notes)
    found = [*moved_inputs(planned, plan), *moved_stack(planned, stack, newest), *trouble]
    if change_set is not None:
        found += moved_values(plan, change_set)
    refuse_moved(desired.name, found)
    return replace(plan, policy=policy_change(engine, plan), opened=opened(engine, plan))


def refuse_moved(name: str, found: Iterable[str]) -> None:
    """Raise StaleError with all of them; nothing when nothing moved."""
    lines = "".join(f"\n  {line}" for line in found)
    if lines:
        raise StaleError(f"{name} is not as it was planned; nothing of it was executed, {AGAIN}:{lines}")


def _apply(engine: Engine, desired: DesiredStack, planned: PlannedStack, resolve: Resolve) -> StackResult:
    plan = checked(engine, desired, planned, resolve)
    if engine.stopping() or not engine.approve(plan):
        return StackResult(desired.key, desired.name, "declined", stack=plan.before)
    return carry_out(replace(engine, approve=lambda _: True), plan)


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
