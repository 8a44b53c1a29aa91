"""A stack whose failed operation was not rolled back can be updated: the way to fix it and go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FAILED = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})
UPDATABLE = "UPDATE_ROLLBACK_COMPLETE"
"""The state in which ministack 1.5.33 takes an update; the stack shows it only while the request is looked at."""


def install() -> None:
    """Wrap the actions that begin an update."""
    from ministack.services.cloudformation import handlers

    for name in ("UpdateStack", "ExecuteChangeSet"):
        handlers._ACTION_HANDLERS[name] = _forward(handlers._ACTION_HANDLERS[name])


def _forward(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def action(parameters: Any) -> Any:
        stack = _stack(parameters)
        status = stack.get("StackStatus")
        if status not in FAILED or not stack.get("_failed_operation"):
            return inner(parameters)
        stack["StackStatus"] = UPDATABLE
        try:
            return inner(parameters)
        finally:
            if stack["StackStatus"] == UPDATABLE:  # refused: nothing has begun
                stack["StackStatus"] = status

    return action


def _stack(parameters: Any) -> dict[str, Any]:
    from ministack.services.cloudformation import _stacks, changesets

    name = changesets._p(parameters, "StackName")
    if not name:
        _, found = changesets._find_change_set(changesets._p(parameters, "ChangeSetName"), "")
        name = (found or {}).get("StackName", "")
    if name.startswith("arn:"):
        name = name.split("/")[1]
    stack: dict[str, Any] = _stacks.get(name) or {}
    return stack
