"""What CloudFormation is doing right now, and what an earlier process left half done."""

from __future__ import annotations

from typing import Any


def any_in_progress() -> bool:
    """Whether some stack's operation runs."""
    from ministack.services.cloudformation import _stacks

    return any(is_in_progress(stack) for _, stack in list(_stacks.all_items()))


def is_in_progress(stack: dict[str, Any]) -> bool:
    """Whether this stack's operation runs; a stack that waits for its change set does not."""
    status = str(stack.get("StackStatus", ""))
    return status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"
