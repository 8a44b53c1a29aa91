"""What is allowed or tried by name, on the command line or in the params file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from aurora_cfn.model.environment import AllowedReplacement

if TYPE_CHECKING:
    from aurora_cfn.model.review import StackReview

COMMAND_LINE = "--allow-replace"
TRY_ANYWAY = "--try-anyway"


def allowed_by_flag(names: Iterable[str], scopes: Collection[str] = ()) -> tuple[AllowedReplacement, ...]:
    """What `--allow-replace` on the command line allows in the stack that goes by the names `scopes`.

    A logical id counts in every stack, `STACK.LOGICAL_ID` only in that one. It is for this run, so it never ends.
    """
    pairs = (name.rpartition(".") for name in names)
    return tuple(AllowedReplacement(one, "", COMMAND_LINE) for scope, _, one in pairs if not scope or scope in scopes)


def tried_by_flag(names: Iterable[str], scopes: Collection[str] = ()) -> frozenset[str]:
    """The logical ids that `--try-anyway` names for the stack that goes by the names `scopes`."""
    return frozenset(one.logical_id for one in allowed_by_flag(names, scopes))


def unmatched(names: Iterable[str], stacks: Mapping[tuple[str, ...], Collection[str]]) -> tuple[str, ...]:
    """Names given to `--allow-replace` that mean no resource; `stacks` has logical ids by what a stack is called."""
    known = {one for ids in stacks.values() for one in ids}
    known |= {f"{scope}.{one}" for scopes, ids in stacks.items() for scope in scopes for one in ids}
    return tuple(name for name in names if name not in known)


def needless(names: Iterable[str], stacks: Iterable[StackReview]) -> tuple[str, ...]:
    """Names given to `--allow-replace` that no change needs."""
    needed = set()
    for stack in stacks:
        ids = {change.destroyed_id for change in stack.changes if change.guarded}
        needed |= ids | {f"{scope}.{one}" for scope in stack.scopes for one in ids}
    return tuple(name for name in names if name not in needed)


def in_force(allowance: AllowedReplacement, today: date) -> bool:
    """Whether it counts on that day, the one on which it ends included; one of the command line always does."""
    if not allowance.until:
        return allowance.reason == COMMAND_LINE
    return _day(allowance.until) >= today


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
