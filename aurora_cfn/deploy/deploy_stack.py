"""Deploy one stack: follow an earlier run, check the status, prepare a change set, have it approved, execute it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from aurora_cfn.deploy.context import Approve, Context
from aurora_cfn.deploy.delete_stack import delete_failed_creation, show_failed_creation
from aurora_cfn.deploy.execute import Execution
from aurora_cfn.deploy.large_template import why_bucket_needed
from aurora_cfn.deploy.ownership import claim
from aurora_cfn.deploy.prepare import discard, prepare, refuse_unready
from aurora_cfn.deploy.preview import preview_from_template
from aurora_cfn.deploy.resume import ResumedStack, after_earlier_run
from aurora_cfn.deploy.stack_policy import guarded, opened, policy_change
from aurora_cfn.deploy.stack_result import as_recorded, outcome_of
from aurora_cfn.errors import AuroraCfnError, AwsError, LeftoverError
from aurora_cfn.model.plan import DesiredStack, Outcome, StackPlan, StackResult
from aurora_cfn.model.stack import Stack

Resolve = Callable[[DesiredStack], Mapping[str, str]]
"""Gives the values of the stack's parameters, its references resolved."""


@as_recorded
def deploy(
    context: Context, desired: DesiredStack, resolve: Resolve, approve: Approve, *, absent: bool = False
) -> StackResult:
    """The result of the stack.

    `absent` says that a list of all stacks has just shown that there is none of that name: it is not read again.
    """
    # First of all: what an earlier run began is followed to its end, and only then is the status worth reading.
    arrival = ResumedStack(None) if absent else after_earlier_run(context, desired)
    before = arrival.stack
    claim(context, desired.key, before)
    move = refuse_unready(context, desired, before).move
    # Not earlier: the stacks that this one reads from may have changed while it waited for them.
    parameters = resolve(desired)
    if move == "recreate":
        assert before is not None
        if context.choices.dry_run:
            show_failed_creation(context, desired, before)
            reason = "the stack whose creation failed must be deleted first"
            return preview_from_template(context, desired, reason, "a dry run deletes nothing")
        if not delete_failed_creation(context, desired, before):
            return StackResult(desired.key, desired.name, "declined")
        # From here on it is a creation.
        before = None
    # Only in a dry run: a real one asks for the bucket when it uploads.
    no_bucket = why_bucket_needed(context, desired) if context.choices.dry_run else ""
    if no_bucket:
        return preview_from_template(context, desired, no_bucket, "a dry run makes no bucket")
    plan = with_notes(context, prepare(context, desired, parameters, before))
    if plan.empty:
        events = arrival.events
        return StackResult(desired.key, desired.name, "unchanged", stack=before, events=events, resumed=bool(events))
    return carry_out(context, plan, approve)


def carry_out(context: Context, plan: StackPlan, approve: Approve) -> StackResult:
    """The result of a plan that is shown and approved, then executed or discarded. Raises what `approve` raises."""
    outcome = _approved(context, plan, approve)
    if outcome is not None:
        discard(context, plan)
        return StackResult(plan.desired.key, plan.desired.name, outcome, stack=plan.before)
    return execute_plan(context, plan)


def _approved(context: Context, plan: StackPlan, approve: Approve) -> Outcome | None:
    """None to continue, else the outcome. Deletes the change set when `approve` raises."""
    try:
        agreed = not context.stopping() and approve(plan)
    except BaseException:
        # Ctrl-C too: a change set that is left over would be executable by anyone, and keeps a new stack in review.
        discard(context, plan)
        raise
    if context.choices.dry_run:
        return "previewed"
    return None if agreed else "declined"


def execute_plan(context: Context, plan: StackPlan) -> StackResult:
    """The result of an approved plan: snapshots first, then the change set, then termination protection."""
    desired, stack = plan.desired, plan.before
    execution = Execution(context, plan)
    try:
        if stack is not None:
            from aurora_cfn.deploy.before_change import take_snapshots

            take_snapshots(context, plan)
        with guarded(context, plan):
            stack = execution.run() if plan.change_set is not None else stack
    except AuroraCfnError as error:
        # Once the execution has begun CloudFormation owns the change set, and refuses its deletion.
        if not execution.begun:
            discard(context, plan)
        events = tuple(execution.events)
        return StackResult(
            desired.key, desired.name, outcome_of(error), cause=str(error), exit_code=error.exit_code, events=events
        )
    assert stack is not None
    outcome: Outcome = "created" if plan.creates else "updated"
    result = StackResult(desired.key, desired.name, outcome, stack=stack, events=tuple(execution.events))
    return _with_strict(context, execution, _protected(context, plan, stack, result))


def _with_strict(context: Context, execution: Execution, result: StackResult) -> StackResult:
    """The result; with `--strict` a failure where the clean-up left resources, although the stack is as wanted."""
    if result.exit_code or not execution.leftovers or not context.choices.strict:
        return result
    cause = "\n  ".join([f"{result.name} was {result.outcome}, but not all was cleaned up:", *execution.leftovers])
    return replace(result, cause=cause, exit_code=LeftoverError.exit_code)


def _protected(context: Context, plan: StackPlan, stack: Stack, result: StackResult) -> StackResult:
    """The result with termination protection set as wanted; if AWS refuses, the stack is still deployed."""
    if plan.desired.protect == stack.protected:
        return result
    # A call of its own: change sets do not carry termination protection.
    try:
        context.cloudformation.set_protection(stack.arn, on=plan.desired.protect)
    except AwsError as error:
        return replace(result, cause=f"deployed, but its termination protection: {error}", exit_code=error.exit_code)
    return replace(result, stack=replace(stack, protected=plan.desired.protect))


def with_notes(context: Context, plan: StackPlan) -> StackPlan:
    """The plan with its notes, its snapshots, and the change of the stack policy."""
    # A new stack has no data yet: what is known about databases is not loaded for it.
    if plan.before is not None:
        from aurora_cfn.deploy.before_change import with_snapshot_notes

        plan = with_snapshot_notes(context, plan)
    return replace(plan, policy=policy_change(context, plan), opened=opened(context, plan))


@as_recorded
def preview(context: Context, desired: DesiredStack, missing: Sequence[str]) -> StackResult:
    """The result of a dry run of a stack with `missing` prerequisites: what its template alone shows."""
    remedy = "deploy that first to see the rest"
    return preview_from_template(context, desired, f"it needs {' and '.join(missing)}", remedy)
