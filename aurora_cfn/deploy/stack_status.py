"""What each stack status means for a deployment: one table, and a refusal for a status that is not in it.

The statuses are the 23 of the API reference of CloudFormation (StackStatus, read 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from aurora_cfn.model.stack import Stack

Move: TypeAlias = Literal["create", "update", "recreate", "repair", "wait"]


@dataclass(frozen=True, slots=True)
class Situation:
    """What a deployment may do, and a sentence for whoever has to do something else first."""

    move: Move
    text: str = ""


_CREATE = Situation("create")
_UPDATE = Situation("update")
_FOLLOW = "`aurora-cfn events {where} --stack {key} --follow` shows it"
_RECOVER = "`aurora-cfn recover {where} --stack {key}`"


def _busy(what: str) -> Situation:
    return Situation("wait", f"{what} is running on it: {_FOLLOW}; deploy again when it has ended")


SITUATIONS: Mapping[str, Situation] = {
    "REVIEW_IN_PROGRESS": _CREATE,
    "CREATE_COMPLETE": _UPDATE,
    "UPDATE_COMPLETE": _UPDATE,
    "UPDATE_ROLLBACK_COMPLETE": _UPDATE,
    "IMPORT_COMPLETE": _UPDATE,
    "IMPORT_ROLLBACK_COMPLETE": _UPDATE,
    "DELETE_COMPLETE": _CREATE,
    "ROLLBACK_COMPLETE": Situation(
        "recreate", "its creation failed and was rolled back: it can only be deleted and created again"
    ),
    "CREATE_FAILED": Situation(
        "repair", f"its creation failed and what was made is still there: look at it, then {_RECOVER}"
    ),
    "ROLLBACK_FAILED": Situation(
        "repair", f"its creation failed and could not be rolled back; resources are left: {_RECOVER}"
    ),
    "UPDATE_FAILED": Situation(
        "repair", f"an update failed with rollback switched off: {_RECOVER} takes it back to where it was"
    ),
    "UPDATE_ROLLBACK_FAILED": Situation(
        "repair", f"an update failed and could not be rolled back: {_RECOVER} continues the rollback"
    ),
    "DELETE_FAILED": Situation("repair", f"its deletion failed half-way: {_RECOVER} tries again"),
    "IMPORT_ROLLBACK_FAILED": Situation(
        "repair",
        "an import failed and could not be rolled back: correct the resource that its events name, "
        "then continue in the CloudFormation console",
    ),
    "CREATE_IN_PROGRESS": _busy("its creation"),
    "ROLLBACK_IN_PROGRESS": _busy("the rollback of its creation"),
    "DELETE_IN_PROGRESS": _busy("its deletion"),
    "UPDATE_IN_PROGRESS": _busy("an update"),
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": _busy("the clean-up after an update"),
    "UPDATE_ROLLBACK_IN_PROGRESS": _busy("the rollback of an update"),
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": _busy("the clean-up after a rollback"),
    "IMPORT_IN_PROGRESS": _busy("an import"),
    "IMPORT_ROLLBACK_IN_PROGRESS": _busy("the rollback of an import"),
}


def situation(stack: Stack | None) -> Situation:
    """What a deployment may do with the stack; None means that it does not exist."""
    if stack is None:
        return _CREATE
    if stack.status in SITUATIONS:
        return SITUATIONS[stack.status]
    if stack.busy:
        return _busy(f"an operation that this version does not know ({stack.status})")
    return Situation("repair", f"its status {stack.status} is not one that this version knows: nothing was done")


def is_stuck(status: str) -> bool:
    """Whether a stack in that status stays in it until somebody repairs it; a status that nobody knows is none."""
    return status in SITUATIONS and SITUATIONS[status].move == "repair"


def is_up(stack: Stack | None) -> bool:
    """Whether the stack was ever created in full, so that others can read from it; an unknown status counts as up."""
    return situation(stack).move not in {"create", "recreate"}
