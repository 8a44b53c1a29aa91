"""Why an operation failed: the first cause in its events, what to do about it, and which resources still exist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.stack_status import CREATION_KEPT, DELETED, NOT_DELETED, PARTLY_THERE, is_recoverable, is_stuck
from aurora_cfn.errors import AwsError, DeployError, StuckError
from aurora_cfn.facts import read_facts
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.stack import Stack

FOLLOWERS = re.compile(
    r"^resource (creation|update|deletion|import) cancell?ed|^the following resource\(s\) failed|"
    r"^embedded stack .* was not successfully|^rollback requested",
    re.IGNORECASE,
)
"""Reasons of events that are only the consequence of another failure."""


def first_cause(events: Iterable[StackEvent]) -> StackEvent | None:
    """The earliest failure that is not the consequence of another; the earliest of all when each is."""
    # By time: events of nested stacks are read after those of the parent.
    failures = sorted((event for event in events if _is_failure(event)), key=lambda event: event.at)
    causes = [event for event in failures if event.reason and not FOLLOWERS.search(event.reason)]
    # The event of a stack repeats what happened to one of its resources.
    resources = [event for event in causes if not event.of_stack]
    return next(iter(resources or causes or failures), None)


def followers(events: Sequence[StackEvent], cause: StackEvent) -> list[StackEvent]:
    """The other failed resources, earliest first."""
    same = cause.stack_arn, cause.logical_id
    failed = [
        event for event in events if event.failed and not event.of_stack and (event.stack_arn, event.logical_id) != same
    ]
    return sorted(failed, key=lambda event: event.at)


def left_behind(events: Sequence[StackEvent]) -> list[StackEvent]:
    """The newest event of each resource that CloudFormation failed to delete or skipped."""
    latest = {(event.stack_arn, event.logical_id, event.physical_id): event for event in events if not event.of_stack}
    return [event for event in latest.values() if event.status in NOT_DELETED]


def half_made(events: Sequence[StackEvent]) -> list[StackEvent]:
    """The newest event of each resource that was created, or begun, and not deleted again."""
    latest = {(event.stack_arn, event.physical_id): event for event in events if not event.of_stack}
    return [event for event in latest.values() if event.physical_id and event.status != DELETED]


def _is_failure(event: StackEvent) -> bool:
    return event.failed or (event.of_stack and "ROLLBACK" in event.status and bool(event.reason))


@cache
def hints() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Pattern of a reason and what to do about it."""
    return tuple((re.compile(pattern, re.IGNORECASE), text) for pattern, text in read_facts("failure_hints")["hints"])


def hint(reason: str) -> str:
    """What to do about that reason; empty for an unknown one."""
    # The first match counts: in the file, exact patterns are before those of whole families (quotas, names).
    return next((text for pattern, text in hints() if pattern.search(reason)), "")


def failed(status: str, text: str) -> DeployError:
    """The error for a stack that ended in that status: StuckError where only a repair helps, else DeployError."""
    return StuckError(text) if is_stuck(status) else DeployError(text)


def why_failed(context: Context, name: str, end: StackEvent, events: Sequence[StackEvent]) -> str:
    """The first cause, then what to do, what failed after it and which resources are left; several lines."""
    text = failure_text(name, end, context.watching.failures.joined(context.cloudformation, end.stack_arn, events))
    remedy = f"\n  to repair it: `aurora-cfn recover {context.env_option}` shows what it would do, and asks first"
    return text + (remedy if is_recoverable(end.status) else "")


def failure_text(name: str, end: StackEvent, events: Sequence[StackEvent]) -> str:
    """The same text without the command that repairs; `events` are all that can be read."""
    cause = first_cause(events)
    if cause is None:
        return f"{name} ended in {end.status}: {end.reason or 'CloudFormation gave no reason'}"
    where = cause.logical_id if cause.stack_name == name else f"{cause.stack_name}/{cause.logical_id}"
    lines = [f"{where} ({cause.type}): {cause.reason or cause.status}"]
    advice = hint(cause.reason)
    lines += [f"  what to do: {advice}"] if advice else []
    lines.append(f"  {name} ended in {end.status}")
    also = [event.logical_id for event in followers(events, cause)]
    lines += [f"  failed after it: {', '.join(dict.fromkeys(also))}"] if also else []
    # After a creation without rollback everything that was begun is there, not only what could not be deleted.
    behind = half_made(events) if end.status in CREATION_KEPT else left_behind(events)
    lines += [f"  left behind: {event.logical_id} ({event.physical_id})" for event in behind]
    return "\n".join(lines)


def still_there(context: Context, stack: Stack) -> str:
    """A line for each resource that still exists, each after a line break; empty in a status that leaves none.

    An error of AWS becomes the only line.
    """
    if stack.status not in PARTLY_THERE:
        return ""
    try:
        rows = [row for row in context.cloudformation.resources(stack.arn) if row.exists]
    except AwsError as error:
        return f"\n  what is still there cannot be read: {error}"
    lines = [f"\n  still there: {row.logical_id} ({row.type}) {row.physical_id}" for row in rows]
    return "".join(lines) or "\n  nothing of it is there any more"
