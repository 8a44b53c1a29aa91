"""What CloudFormation is doing right now, and what an earlier process left half done."""

from __future__ import annotations

from typing import Any

from ministack.core.responses import request_scope
from ministack.services.cloudformation import _stacks, stacks


def any_in_progress() -> bool:
    """Whether some stack's operation runs."""
    return any(is_in_progress(stack) for _, stack in list(_stacks.all_items()))


def is_in_progress(stack: dict[str, Any]) -> bool:
    """Whether this stack's operation runs; a stack that waits for its change set does not."""
    status = str(stack.get("StackStatus", ""))
    return status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"


def end_interrupted() -> None:
    """After a restart: fail the operations that a killed process left in progress, so that their stacks can go on."""
    for (account, region, name), stack in list(_stacks.all_items()):
        if not is_in_progress(stack):
            continue
        status = str(stack["StackStatus"]).removesuffix("_CLEANUP_IN_PROGRESS").removesuffix("_IN_PROGRESS")
        failed = f"{status.removesuffix('_COMPLETE')}_FAILED"
        reason = "The emulator was killed while this operation ran"
        stack["StackStatus"], stack["StackStatusReason"] = failed, reason
        with request_scope(account, region):
            stacks._add_event(stack["StackId"], name, name, "AWS::CloudFormation::Stack", failed, reason)
