"""One stack from what is wanted to what came of it: come back to what runs, refuse, prepare, approve, execute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from aurora_cfn.deploy.before_change import announced, take_precautions
from aurora_cfn.deploy.context import Engine
from aurora_cfn.deploy.delete_stack import clear_away, foretell_clearing
from aurora_cfn.deploy.execute import Execution
from aurora_cfn.deploy.large_template import unplaced
from aurora_cfn.deploy.prepare import discard, prepare, refuse_unready
from aurora_cfn.deploy.preview import foretold
from aurora_cfn.deploy.resume import settled
from aurora_cfn.deploy.stack_policy import guarded
from aurora_cfn.errors import AuroraCfnError, AwsError, BusyError, DeclinedError, DeployError, LeftoverError
from aurora_cfn.model.plan import DesiredStack, Outcome, StackPlan, StackResult
from aurora_cfn.model.stack import Stack

Resolve = Callable[[DesiredStack], Mapping[str, str]]


def deploy(engine: Engine, desired: DesiredStack, resolve: Resolve) -> StackResult:
    """What came of the stack; expected errors are in the result, so that other stacks can go on."""
    return recorded(engine, desired, lambda: _deploy(engine, desired, resolve))


def recorded(engine: Engine, desired: DesiredStack, work: Callable[[], StackResult]) -> StackResult:
    """The result of the work with its time, told to the listener; an expected error becomes a result."""
    began = engine.clock.monotonic()
    try:
        result = work()
    except AuroraCfnError as error:
        # Who left while being asked has said nothing: the command ends as interrupted.
        code = 0 if isinstance(error, DeclinedError) and engine.stopping() else error.exit_code
        result = StackResult(desired.key, desired.name, outcome_of(error), cause=str(error), exit_code=code)
    result = replace(result, seconds=engine.clock.monotonic() - began)
    engine.listener.ended(result)
    return result


def outcome_of(error: AuroraCfnError) -> Outcome:
    """How a stack is told of that ended with the error."""
    if isinstance(error, DeployError):
        return "failed"
    if isinstance(error, DeclinedError):
        return "declined"
    return "detached" if isinstance(error, BusyError) else "refused"


def _deploy(engine: Engine, desired: DesiredStack, resolve: Resolve) -> StackResult:
    arrival = settled(engine, desired)
    before = arrival.stack
    move = refuse_unready(engine, desired, before).move
    parameters = resolve(desired)
    if move == "recreate":
        assert before is not None
        if engine.choices.dry_run:
            foretell_clearing(engine, desired, before)
            return foretold(engine, desired, "the old stack is in the way", "a dry run deletes nothing")
        if not clear_away(engine, desired, before):
            return StackResult(desired.key, desired.name, "declined")
        before = None
    lacking = unplaced(engine, desired) if engine.choices.dry_run else ""
    if lacking:
        return foretold(engine, desired, lacking, "a dry run makes no bucket")
    plan = announced(engine, prepare(engine, desired, parameters, before))
    if plan.empty:
        events = arrival.events
        return StackResult(desired.key, desired.name, "unchanged", stack=before, events=events, resumed=bool(events))
    return carry_out(engine, plan)


def carry_out(engine: Engine, plan: StackPlan) -> StackResult:
    """What came of a plan that is shown, approved and executed, or taken back. Raises what `approve` raises."""
    outcome = _approved(engine, plan)
    if outcome is not None:
        discard(engine, plan)
        return StackResult(plan.desired.key, plan.desired.name, outcome, stack=plan.before)
    return _execute(engine, plan)


def _approved(engine: Engine, plan: StackPlan) -> Outcome | None:
    """None to go on, else what came of it instead. Takes the change set back when the answer is an error."""
    try:
        agreed = not engine.stopping() and engine.approve(plan)
    except BaseException:
        discard(engine, plan)
        raise
    if engine.choices.dry_run:
        return "previewed"
    return None if agreed else "declined"


def _execute(engine: Engine, plan: StackPlan) -> StackResult:
    desired, stack = plan.desired, plan.before
    execution = Execution(engine, plan)
    try:
        take_precautions(engine, plan)
        with guarded(engine, plan):
            stack = execution.run() if plan.change_set is not None else stack
    except AuroraCfnError as error:
        if not execution.begun:
            discard(engine, plan)
        events = tuple(execution.events)
        return StackResult(
            desired.key, desired.name, outcome_of(error), cause=str(error), exit_code=error.exit_code, events=events
        )
    assert stack is not None
    outcome: Outcome = "created" if plan.creates else "updated"
    result = StackResult(desired.key, desired.name, outcome, stack=stack, events=tuple(execution.events))
    return _strictly(engine, execution, _protected(engine, plan, stack, result))


def _strictly(engine: Engine, execution: Execution, result: StackResult) -> StackResult:
    """The same, as a failure of its own kind where nothing may be left behind; the stack is as wanted all the same."""
    if result.exit_code or not execution.leftovers or not engine.choices.strict:
        return result
    cause = "\n  ".join([f"{result.name} was {result.outcome}, but not all was cleaned up:", *execution.leftovers])
    return replace(result, cause=cause, exit_code=LeftoverError.exit_code)


def _protected(engine: Engine, plan: StackPlan, stack: Stack, result: StackResult) -> StackResult:
    """The same with termination protection as wanted; a refusal does not make the deployment undone."""
    if plan.desired.protect == stack.protected:
        return result
    try:
        engine.cloudformation.set_protection(stack.arn, on=plan.desired.protect)
    except AwsError as error:
        return replace(result, cause=f"deployed, but its termination protection: {error}", exit_code=error.exit_code)
    return replace(result, stack=replace(stack, protected=plan.desired.protect))
