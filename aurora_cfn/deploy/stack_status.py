"""What each stack status means for `deploy` and `recover`: one table, and a refusal for a status that is not in it.

The statuses are the 23 of the API reference of CloudFormation (StackStatus, read 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from aurora_cfn.model.stack import DELETED as DELETED
from aurora_cfn.model.stack import IN_REVIEW as IN_REVIEW
from aurora_cfn.model.stack import Stack

Move: TypeAlias = Literal["create", "update", "recreate", "repair", "wait"]
"""What `deploy` does; `recreate` deletes the stack first, `repair` and `wait` refuse."""
Repair: TypeAlias = Literal["nothing", "wait", "delete", "delete again", "roll back", "continue rollback", "console"]
"""What `recover` does; `deploy.recover` has a function for each but `nothing` and `wait`."""


@dataclass(frozen=True, slots=True)
class Status:
    """One row: what `deploy` and `recover` do, and for a refusal the sentence with what to do first."""

    move: Move
    recovery: Repair
    text: str = ""


_FOLLOW = "`aurora-cfn events {where} --stack {key} --follow` shows it"
_RECOVER = "`aurora-cfn recover {where} --stack {key}`"


def _busy(what: str) -> Status:
    return Status("wait", "wait", f"{what} is running on it: {_FOLLOW}; deploy again when it has ended")


_CREATE = Status("create", "nothing")
_UPDATE = Status("update", "nothing")

CLEANING_UP = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
"""The update has succeeded; what it replaced or removed is being deleted."""
CANCELLABLE = "UPDATE_IN_PROGRESS"
"""The only status that CancelUpdateStack accepts (API reference, read 2026-11)."""
DELETING = "DELETE_IN_PROGRESS"
NOT_ROLLED_BACK = "UPDATE_FAILED"
"""Of a resource: the one that a failed rollback stopped at, which ContinueUpdateRollback may skip."""
UNDELETABLE = "DELETE_FAILED"
"""Of a stack: the only status in which DeleteStack accepts RetainResources."""

STATUSES: Mapping[str, Status] = {
    IN_REVIEW: _CREATE,
    "CREATE_COMPLETE": _UPDATE,
    "UPDATE_COMPLETE": _UPDATE,
    "UPDATE_ROLLBACK_COMPLETE": _UPDATE,
    "IMPORT_COMPLETE": _UPDATE,
    "IMPORT_ROLLBACK_COMPLETE": _UPDATE,
    DELETED: _CREATE,
    "ROLLBACK_COMPLETE": Status(
        "recreate", "delete", "its creation failed and was rolled back: it can only be deleted and created again"
    ),
    "CREATE_FAILED": Status(
        "repair", "delete", f"its creation failed and what was made is still there: look at it, then {_RECOVER}"
    ),
    "ROLLBACK_FAILED": Status(
        "repair", "delete", f"its creation failed and could not be rolled back; resources are left: {_RECOVER}"
    ),
    "UPDATE_FAILED": Status(
        "repair", "roll back", f"an update failed with rollback switched off: {_RECOVER} rolls it back"
    ),
    "UPDATE_ROLLBACK_FAILED": Status(
        "repair",
        "continue rollback",
        f"an update failed and could not be rolled back: {_RECOVER} continues the rollback",
    ),
    UNDELETABLE: Status("repair", "delete again", f"its deletion failed: {_RECOVER} tries again"),
    "IMPORT_ROLLBACK_FAILED": Status(
        "repair",
        "console",
        "an import failed and could not be rolled back: correct the resource that its events name, "
        "then continue in the CloudFormation console",
    ),
    "CREATE_IN_PROGRESS": _busy("its creation"),
    "ROLLBACK_IN_PROGRESS": _busy("the rollback of its creation"),
    DELETING: _busy("its deletion"),
    CANCELLABLE: _busy("an update"),
    CLEANING_UP: _busy("the clean-up after an update"),
    "UPDATE_ROLLBACK_IN_PROGRESS": _busy("the rollback of an update"),
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": _busy("the clean-up after a rollback"),
    "IMPORT_IN_PROGRESS": _busy("an import"),
    "IMPORT_ROLLBACK_IN_PROGRESS": _busy("the rollback of an import"),
}

SUCCEEDED = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})
"""Final statuses of an operation that succeeded."""
ROLLED_BACK = frozenset({"UPDATE_ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE"})
"""Final statuses of a requested rollback that succeeded."""
STARTED = frozenset({"CREATE_IN_PROGRESS", CANCELLABLE, DELETING, "IMPORT_IN_PROGRESS"})
"""Statuses of a stack's event that starts an operation."""
CREATION_KEPT = frozenset({"CREATE_FAILED", "ROLLBACK_FAILED"})
"""Final statuses of a creation after which everything that it created still exists."""
PARTLY_THERE = CREATION_KEPT | {UNDELETABLE}
"""Statuses of a stack of which only some resources exist."""
NOT_DELETED = frozenset({"DELETE_FAILED", "DELETE_SKIPPED"})
"""Of a resource: CloudFormation could not delete it, or its policy retains it."""
ROLLED_BACK_CREATION = "ROLLBACK_COMPLETE"
"""A stack whose creation failed; nothing of it exists but what its policies retain."""


def stack_status(stack: Stack | None) -> Status:
    """The row of the stack's status; None is a stack that does not exist. An unknown status refuses everything."""
    if stack is None:
        return _CREATE
    if stack.status in STATUSES:
        return STATUSES[stack.status]
    # CloudFormation may get new statuses; by their suffix they are at least not repaired while an operation runs.
    if stack.busy:
        return _busy(f"an operation that this version does not know ({stack.status})")
    text = f"its status {stack.status} is not one that this version knows: nothing was done"
    return Status("repair", "nothing", text)


def is_stuck(status: str) -> bool:
    """Whether a stack stays in that status until it is repaired; False for an unknown status."""
    return status in STATUSES and STATUSES[status].move == "repair"


def is_recoverable(status: str) -> bool:
    """Whether `aurora-cfn recover` can bring a stuck stack out of that status."""
    return is_stuck(status) and STATUSES[status].recovery != "console"


def is_created(stack: Stack | None) -> bool:
    """Whether the stack was once created in full, so that others can read its outputs; True for an unknown status."""
    return stack_status(stack).move not in {"create", "recreate"}
