"""What a stack still holds whose creation or deletion failed half-way: such a stack is never empty by its status."""

from __future__ import annotations

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.errors import AwsError
from aurora_cfn.model.stack import Stack

HALF_WAY = frozenset({"CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED"})


def still_there(engine: Engine, stack: Stack) -> str:
    """A line for each resource that still exists, each with a line break before it; empty for any other status.

    What cannot be read is said in their place.
    """
    if stack.status not in HALF_WAY:
        return ""
    try:
        rows = [row for row in engine.cloudformation.resources(stack.arn) if row.exists]
    except AwsError as error:
        return f"\n  what is still there cannot be read: {error}"
    lines = [f"\n  still there: {row.logical_id} ({row.type}) {row.physical_id}" for row in rows]
    return "".join(lines) or "\n  nothing of it is there any more"
