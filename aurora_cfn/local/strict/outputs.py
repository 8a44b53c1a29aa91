"""Outputs alone are a change: CloudFormation makes a change set without resources of them, which can be executed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SAME = "didn't contain changes"


def install() -> None:
    """Look at each change set that was made."""
    from ministack.services.cloudformation import handlers

    table = handlers._ACTION_HANDLERS
    table["CreateChangeSet"] = _noticing(table["CreateChangeSet"])


def _noticing(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def create(parameters: Any) -> Any:
        from ministack.services.cloudformation import _change_sets

        known = set(_change_sets)
        answer = inner(parameters)
        for arn in [arn for arn in _change_sets if arn not in known]:
            _notice(_change_sets[arn])
        return answer

    return create


def _notice(made: dict[str, Any]) -> None:
    from ministack.services.cloudformation import _stacks

    stack = next((row for row in _stacks.values() if row.get("StackId") == made["StackId"]), None)
    if stack is None or made["ChangeSetType"] != "UPDATE" or SAME not in (made["StatusReason"] or ""):
        return
    old, new = (row.get("_template", {}).get("Outputs", {}) for row in (stack, made))
    if old != new:
        made.update(Status="CREATE_COMPLETE", ExecutionStatus="AVAILABLE", StatusReason="")
