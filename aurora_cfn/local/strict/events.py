"""The reasons of stack events, in CloudFormation's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aurora_cfn.local.strict.replacing import everywhere

NO_EXPORT = re.compile(r"Export '(.+)' not found")


def install() -> None:
    """Wrap what records an event."""
    everywhere("_add_event", _worded)


def _worded(inner: Callable[..., Any]) -> Callable[..., Any]:
    def add(stack_id: str, stack: str, logical: str, kind: str, status: str, reason: str = "", *more: Any,
            **named: Any) -> Any:  # fmt: skip
        return inner(stack_id, stack, logical, kind, status, reworded(stack_id, status, reason), *more, **named)

    return add


def reworded(stack_id: str, status: str, reason: str) -> str:
    """The reason of an event as CloudFormation gives it."""
    reason = NO_EXPORT.sub(r"No export named \1 found.", str(reason))
    if status == "ROLLBACK_IN_PROGRESS" and reason == "Rollback requested":
        failed = _failed(stack_id)
        said = f"The following resource(s) failed to create: [{', '.join(failed)}]. " if failed else ""
        return f"{said}Rollback requested by user."
    return "" if status == "ROLLBACK_COMPLETE" and reason == "Rollback complete" else reason


def _failed(stack_id: str) -> list[str]:
    from ministack.services.cloudformation import _stack_events

    rows = _stack_events.get(stack_id) or []
    return sorted({row["LogicalResourceId"] for row in rows if row["ResourceStatus"] == "CREATE_FAILED"})
