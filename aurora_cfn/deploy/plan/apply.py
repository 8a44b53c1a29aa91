"""Apply exactly the change sets of a plan file, refuse where something changed since, or discard the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from aurora_cfn.deploy.context import Approve, Context
from aurora_cfn.deploy.deploy_stack import Resolve, execute_plan
from aurora_cfn.deploy.leftover_change_sets import WAITING
from aurora_cfn.deploy.plan.file import AGAIN, moment, settings, sha256, shown_parameters
from aurora_cfn.deploy.prepare import delete_shell, is_empty_shell, refuse_unready
from aurora_cfn.deploy.resume import after_earlier_run
from aurora_cfn.deploy.stack_policy import opened, policy_change
from aurora_cfn.deploy.stack_result import as_recorded
from aurora_cfn.deploy.stack_status import DELETED, SUCCEEDED
from aurora_cfn.errors import NO_CHANGE_SET, DeployError, InputError, StaleError, suppress_codes
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.plan_file import PlanFile, PlannedStack
from aurora_cfn.model.stack import NO_ECHO, Stack


@as_recorded
def apply_stack(
    context: Context, desired: DesiredStack, planned: PlannedStack, resolve: Resolve, approve: Approve
) -> StackResult:
    """The result; a plan that is declined or refused keeps its change set."""
    plan = checked(context, desired, planned, resolve)
    events: tuple[StackEvent, ...] = ()
    resumed = bool(planned.change_set) and plan.change_set is None
    if resumed:
        plan, events = _rest(context, plan)
    if plan.empty:
        return StackResult(desired.key, desired.name, "unchanged", stack=plan.before, events=events, resumed=resumed)
    # Declined, the change set stays: the plan can be applied later. `discard` of `deploy` is for its own change sets.
    if context.stopping() or not approve(plan):
        return StackResult(desired.key, desired.name, "declined", stack=plan.before)
    return execute_plan(context, plan)


def _rest(context: Context, plan: StackPlan) -> tuple[StackPlan, tuple[StackEvent, ...]]:
    """The plan without its change set, which a killed run has executed, and the events of that, followed to its end.

    Raises BusyError while another operation runs on the stack, DeployError when the execution failed.
    """
    desired = plan.desired
    context.listener.step(desired.key, "an earlier run has executed its change set")
    arrival = after_earlier_run(context, desired)
    stack = arrival.stack
    refuse_unready(context, desired, stack)
    # A rollback leaves a usable stack too, but not the one that was planned.
    if stack is None or stack.status not in SUCCEEDED:
        status = stack.status if stack else DELETED
        raise DeployError(f"{desired.name}: an earlier run executed the plan, and the stack ended in {status}: {AGAIN}")
    return replace(plan, before=stack), arrival.events


def checked(context: Context, desired: DesiredStack, planned: PlannedStack, resolve: Resolve) -> StackPlan:
    """The plan as it is in AWS, only read; without its change set when an earlier run has executed that.

    Raises StaleError with everything that changed since.
    """
    # By ARN: a stack that was deleted and created again has the same name, and is not the one that was planned for.
    stack = context.cloudformation.stack(planned.arn)
    change_set, trouble = _change_set(context, planned)
    # Of a creation there is only the empty stack that its change set made.
    before = None if planned.creates else stack
    plan = StackPlan(desired, resolve(desired), before, change_set, planned.event, planned.made_stack, planned.notes)
    found = [*moved_inputs(planned, plan)]
    # A killed run of the same plan: its change set cannot be executed again, and the stack has moved because of it.
    if trouble and stack is not None and _begun(stack, planned):
        plan = replace(plan, before=stack)
    else:
        found += [*_moved(context, planned, stack), *trouble]
    if change_set is not None:
        found += moved_values(plan, change_set)
    refuse_moved(desired.name, found)
    return replace(plan, policy=policy_change(context, plan), opened=opened(context, plan))


def _change_set(context: Context, planned: PlannedStack) -> tuple[ChangeSet | None, list[str]]:
    if not planned.change_set:
        return None, []
    # Executing another change set of the stack deletes this one; so does the deletion of the stack.
    with suppress_codes(NO_CHANGE_SET):
        found = context.cloudformation.change_set(planned.change_set)
        if found.execution_status == "AVAILABLE":
            return found, []
        return None, [f"its change set cannot be executed any more ({found.execution_status}, {found.status})"]
    return None, ["its change set is gone: it was deleted, or another one was executed"]


def _begun(stack: Stack, planned: PlannedStack) -> bool:
    """Whether the planned change set is the one that was executed last; a stack in review has executed none."""
    return stack.change_set_arn == planned.change_set and not stack.in_review


def _moved(context: Context, planned: PlannedStack, stack: Stack | None) -> list[str]:
    newest = context.cloudformation.newest_event(planned.arn) if stack and not planned.creates else None
    return [*moved_stack(planned, stack, newest)]


def moved_stack(planned: PlannedStack, stack: Stack | None, newest: str | None) -> Iterator[str]:
    """How the stack differs from what it was when the plan was made."""
    if stack is None or stack.status == DELETED:
        yield "the stack was deleted"
    elif planned.creates:
        if not stack.in_review:
            yield f"the stack was to be created and is in {stack.status}"
    elif stack.status != planned.status:
        yield f"the stack was changed since: it went from {planned.status} to {stack.status}"
    elif moment(stack) != planned.updated or newest != planned.event:
        yield f"the stack was changed since (last at {moment(stack) or 'an unknown time'})"


def moved_inputs(planned: PlannedStack, plan: StackPlan) -> Iterator[str]:
    """How template, parameters, tags and settings differ from the planned ones, a sentence each, without secrets."""
    desired = plan.desired
    if sha256(desired.template) != planned.template_sha256:
        yield f"the template {desired.entry.template_file} has changed"
    yield from _differing("the parameter", planned.parameters, shown_parameters(plan))
    yield from _differing("the tag", planned.tags, desired.tags)
    yield from _differing("the setting", planned.settings, settings(desired))


def _differing(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield f"{what} {name} is not given any more"
        elif name not in old:
            yield f"{what} {name} is new"
        elif old[name] != new[name]:
            yield f"{what} {name} was {old[name]} and is {new[name]}"


def moved_values(plan: StackPlan, change_set: ChangeSet) -> Iterator[str]:
    """A sentence for each referenced value that is not the change set's; what AWS masks cannot be compared."""
    for name, value in plan.parameters.items():
        planned = change_set.parameters.get(name, NO_ECHO)
        if plan.hides(name) and planned not in {NO_ECHO, value}:
            yield f"the value behind the parameter {name} has changed"


def refuse_moved(name: str, found: Iterable[str]) -> None:
    """Raise StaleError with all the lines in `found`; nothing when there is none."""
    lines = "".join(f"\n  {line}" for line in found)
    if lines:
        raise StaleError(f"{name} is not as it was planned; nothing of it was executed, {AGAIN}:{lines}")


def refuse_elsewhere(file: PlanFile, what: str, old: str, new: str) -> None:
    """Raise InputError where the plan was made for another endpoint, account or region."""
    if old != new:
        sentence = f"the plan of {file.environment} was made for the {what} {old}, and this is {new}"
        raise InputError(f"{sentence}: nothing of it was executed; give the options it was made with, or {AGAIN}")


UNUSED = WAITING | {"OBSOLETE", ""}
"""Execution statuses of a change set that was never executed."""


def delete_planned(context: Context, planned: PlannedStack) -> str:
    """Delete the change set of one planned stack, if it was not executed; what was done, in a sentence.

    An empty stack that the plan created is deleted too. Raises AwsError where AWS refuses.
    """
    if not planned.change_set:
        return "it has no change set in this plan"
    what = _delete_unused(context, planned.change_set)
    if planned.made_stack and is_empty_shell(context, planned.arn):
        delete_shell(context, planned.arn)
        what += ", and so was the empty stack around it"
    return what


def _delete_unused(context: Context, arn: str) -> str:
    found = None
    with suppress_codes(NO_CHANGE_SET):
        found = context.cloudformation.change_set(arn)
    if found is None:
        return "its change set was gone already"
    if found.execution_status not in UNUSED:
        return f"its change set was executed, and is kept ({found.execution_status})"
    context.cloudformation.delete_change_set(arn)
    return "its change set was deleted"
