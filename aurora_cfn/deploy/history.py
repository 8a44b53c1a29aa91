"""What happened last to a stack, read from its events."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.model.event import StackEvent

STARTS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS"})
BY_HAND = "User Initiated"
"""Reason of the event that starts an operation; a rollback that starts by itself has another one."""


def last_operation(events: Sequence[StackEvent]) -> list[StackEvent]:
    """The events of the newest operation, its rollback included; all of them when no beginning is known."""
    for number in range(len(events) - 1, -1, -1):
        event = events[number]
        if event.of_stack and (event.status in STARTS or _is_repair(event)):
            return list(events[number:])
    return list(events)


def ended(events: Sequence[StackEvent]) -> StackEvent | None:
    """The event that ended the operation, None while it runs."""
    return next((event for event in reversed(events) if event.of_stack and event.settled), None)


def _is_repair(event: StackEvent) -> bool:
    return event.status.endswith("ROLLBACK_IN_PROGRESS") and event.reason == BY_HAND
