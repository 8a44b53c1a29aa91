"""Why an operation failed: the first true cause, not the last status."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from aurora_cfn.model.event import StackEvent

FOLLOWERS = re.compile(
    r"^resource (creation|update|deletion|import) cancell?ed|^the following resource\(s\) failed|"
    r"^embedded stack .* was not successfully|^rollback requested",
    re.IGNORECASE,
)
"""Reasons of events that only follow from another failure."""


def first_cause(events: Iterable[StackEvent]) -> StackEvent | None:
    """The earliest failure that no other failure explains; the earliest of any kind when all are explained."""
    failures = sorted((event for event in events if _is_failure(event)), key=lambda event: event.at)
    true = [event for event in failures if event.reason and not FOLLOWERS.search(event.reason)]
    resources = [event for event in true if not event.of_stack]
    return next(iter(resources or true or failures), None)


def followers(events: Sequence[StackEvent], cause: StackEvent) -> list[StackEvent]:
    """The other failed resources, in time."""
    same = cause.stack_arn, cause.logical_id
    failed = [
        event for event in events if event.failed and not event.of_stack and (event.stack_arn, event.logical_id) != same
    ]
    return sorted(failed, key=lambda event: event.at)


def left_behind(events: Sequence[StackEvent]) -> list[StackEvent]:
    """Resources that CloudFormation failed to delete or skipped, the newest word on each."""
    latest = {(event.stack_arn, event.logical_id, event.physical_id): event for event in events if not event.of_stack}
    return [event for event in latest.values() if event.status in {"DELETE_FAILED", "DELETE_SKIPPED"}]


def half_made(events: Sequence[StackEvent]) -> list[StackEvent]:
    """What was made, or begun, and not deleted again: the newest word on each that has a physical id."""
    latest = {(event.stack_arn, event.physical_id): event for event in events if not event.of_stack}
    return [event for event in latest.values() if event.physical_id and event.status != "DELETE_COMPLETE"]


def _is_failure(event: StackEvent) -> bool:
    return event.failed or (event.of_stack and "ROLLBACK" in event.status and bool(event.reason))
