"""An operation that an earlier run of this program started: it is followed to its end, not repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cfn.deploy.context import OURS, Context
from aurora_cfn.deploy.failure import why_failed
from aurora_cfn.deploy.stack_status import DELETED, IN_REVIEW, SUCCEEDED
from aurora_cfn.deploy.watch.events import ended, last_operation
from aurora_cfn.deploy.watch.follow import follow
from aurora_cfn.deploy.watch.limit import Limit
from aurora_cfn.deploy.watch.record import Record
from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.ownership import without_suffix
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack

LOOKS = 10
"""Reads of a stack before it counts as busy: other runs may start again, and events may lag behind the status."""
LAG = 1.0
"""Seconds until the next read while events and status disagree; the first disagreement is read again at once."""
DOING = {"CREATE": "creating", "UPDATE": "updating", "DELETE": "deleting", "IMPORT": "importing into"}


@dataclass(frozen=True, slots=True)
class ResumedStack:
    """The stack, None when there is none, and the events of an earlier operation that was followed and succeeded."""

    stack: Stack | None
    events: tuple[StackEvent, ...] = ()


def after_earlier_run(context: Context, desired: DesiredStack) -> ResumedStack:
    """The stack, after the end of an operation of this program that was running on it.

    It does not wait for the operation of another tool or person, nor in a dry run. Raises BusyError, with the command
    that re-attaches, when the run stops.
    """
    stack = context.cloudformation.stack(desired.name)
    events: tuple[StackEvent, ...] = ()
    # A dry run neither follows nor waits: the status as it is now is its answer.
    for look in range(0 if context.choices.dry_run else LOOKS):
        if stack is None or not stack.busy or context.stopping():
            break
        history = context.cloudformation.events(stack.arn)
        operation = last_operation(history)
        # DescribeStacks and DescribeStackEvents are each eventually consistent, and not with one another.
        if _lags(operation):
            context.clock.sleep(LAG if look else 0)
        elif operation[0].token.startswith(OURS):
            events = _followed(context, desired, stack, operation)
        else:
            break
        stack = context.cloudformation.stack(desired.name)
    return ResumedStack(stack, events)


def _lags(operation: Sequence[StackEvent]) -> bool:
    """Whether the events do not show the running operation yet."""
    return ended(operation) is not None or all(event.status == IN_REVIEW for event in operation)


def _followed(
    context: Context, desired: DesiredStack, stack: Stack, operation: Sequence[StackEvent]
) -> tuple[StackEvent, ...]:
    """The events of the operation, once it has ended; none, with a warning, when it failed."""
    verb = DOING.get(operation[0].status.partition("_")[0], "working on")
    who = _origin(context, stack, operation[0].token)
    context.listener.step(desired.key, f"an earlier run of aurora-cfn is still {verb} it{who}: watching")
    record = Record(context.listener, desired.key)
    for event in operation:
        record.add(event)
    limit = Limit(context, desired.key, stack.arn, goes_on="another run began it")
    end = follow(context, stack.arn, operation[-1].id, record, past=operation, limit=limit)
    if end.status not in SUCCEEDED | {DELETED}:
        why = why_failed(context, stack.name, end, record.events)
        context.listener.warn(desired.key, f"what the earlier run began failed: {why}")
        return ()
    return tuple(record.events)


def _origin(context: Context, stack: Stack, token: str) -> str:
    """Command, commit and caller of the operation, from the description of its change set; empty where unknown."""
    # The change set has the name of its run's token; another one says nothing about this operation.
    if f":changeSet/{token}/" not in stack.change_set_arn:
        return ""
    try:
        description = without_suffix(context.cloudformation.change_set(stack.change_set_arn).description)
    except AwsError:
        return ""
    return f" ({description.removeprefix('aurora-cfn ')})" if description else ""
