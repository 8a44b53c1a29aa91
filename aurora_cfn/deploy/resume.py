"""Coming back to an operation that a run of this program began: a killed run's is followed to its end, not repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cfn.deploy.context import OURS, Engine
from aurora_cfn.deploy.failure import why_failed
from aurora_cfn.deploy.stack_status import DELETED, IN_REVIEW, SUCCEEDED
from aurora_cfn.deploy.watch.events import ended, last_operation
from aurora_cfn.deploy.watch.follow import Limit, follow
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.owner import without_suffix
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack

LOOKS = 10
"""How often a stack is looked at before it counts as busy: other runs may begin again, and events may lag behind."""
LAG = 1.0
"""Seconds until the next look when the events and the stack still tell different things in the second one."""
DOING = {"CREATE": "creating", "UPDATE": "updating", "DELETE": "deleting", "IMPORT": "importing into"}


@dataclass(frozen=True, slots=True)
class Arrival:
    """The stack, None when there is none, and the events of what was followed to a good end before, if anything was."""

    stack: Stack | None
    events: tuple[StackEvent, ...] = ()


def settled(engine: Engine, desired: DesiredStack) -> Arrival:
    """The stack as it is; while an operation of this program runs on it, that is followed first.

    An operation of somebody else is not waited for, and a dry run waits for none: the stack is then told as it is.
    Raises BusyError, with the command that re-attaches, when told to stop.
    """
    stack = engine.cloudformation.stack(desired.name)
    events: tuple[StackEvent, ...] = ()
    for look in range(0 if engine.choices.dry_run else LOOKS):
        if stack is None or not stack.busy or engine.stopping():
            break
        history = engine.cloudformation.events(stack.arn)
        operation = last_operation(history)
        if _lags(operation):
            engine.clock.sleep(LAG if look else 0)
        elif operation[0].token.startswith(OURS):
            events = _followed(engine, desired, stack, operation)
        else:
            break
        stack = engine.cloudformation.stack(desired.name)
    return Arrival(stack, events)


def _lags(operation: Sequence[StackEvent]) -> bool:
    """Whether the events do not tell yet of the operation that the stack is in."""
    return ended(operation) is not None or all(event.status == IN_REVIEW for event in operation)


def _followed(
    engine: Engine, desired: DesiredStack, stack: Stack, operation: Sequence[StackEvent]
) -> tuple[StackEvent, ...]:
    """Its events, once it has ended; none when it failed, which is told."""
    verb = DOING.get(operation[0].status.partition("_")[0], "working on")
    who = _origin(engine, stack, operation[0].token)
    engine.listener.step(desired.key, f"an earlier run of aurora-cfn is still {verb} it{who}: watching")
    seen: list[StackEvent] = []

    def see(event: StackEvent) -> None:
        seen.append(event)
        engine.listener.event(desired.key, event)

    for event in operation:
        see(event)
    limit = Limit(engine, desired.key, stack.arn, cancels=False)

    def check() -> None:
        if limit.over:
            raise BusyError(f"still running after {limit.told}; another run began it, so it goes on")

    end = follow(engine, desired.key, stack.arn, operation[-1].id, see, [check], past=operation)
    if end.status not in SUCCEEDED | {DELETED}:
        why = why_failed(engine, stack.name, end, seen)
        engine.listener.warn(desired.key, f"what the earlier run began failed: {why}")
        return ()
    return tuple(seen)


def _origin(engine: Engine, stack: Stack, token: str) -> str:
    """Which command runs, from which commit and by whom, as its change set says; empty where that is not told."""
    if f":changeSet/{token}/" not in stack.change_set_arn:
        return ""
    try:
        told = without_suffix(engine.cloudformation.change_set(stack.change_set_arn).description)
    except AwsError:
        return ""
    return f" ({told.removeprefix('aurora-cfn ')})" if told else ""
