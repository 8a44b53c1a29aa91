"""The guard: what must be allowed by name before it may be deployed. A confirmation (`--yes`) never satisfies it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from aurora_cfn.errors import GuardError
from aurora_cfn.model.change import Change, Refusal
from aurora_cfn.model.environment import AllowedReplacement
from aurora_cfn.model.review import StackReview

COMMAND_LINE = "--allow-replace"


def allowed_by_flag(names: Iterable[str], scopes: Collection[str] = ()) -> tuple[AllowedReplacement, ...]:
    """What `--allow-replace` on the command line allows in the stack that goes by the names `scopes`.

    A logical id counts in every stack, `STACK.LOGICAL_ID` only in that one. It is for this run, so it never ends.
    """
    pairs = (name.rpartition(".") for name in names)
    return tuple(AllowedReplacement(one, "", COMMAND_LINE) for scope, _, one in pairs if not scope or scope in scopes)


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


def refusals(changes: Iterable[Change], allowances: Sequence[AllowedReplacement], today: date) -> tuple[Refusal, ...]:
    """The changes that would replace, perhaps replace or remove something stateful and are not allowed by name.

    An allowance counts up to and including its day; one without a day (or with a day that is none) is for this run
    when it came from the command line, and counts for nothing otherwise.
    """
    return tuple(
        _refusal(change, allowances)
        for change in changes
        if change.guarded and not any(_allows(one, change, today) for one in allowances)
    )


def refuse(found: Sequence[Refusal]) -> None:
    """Raise GuardError (exit 6) with every refusal; nothing when there is none."""
    if found:
        raise GuardError("\n".join(str_of(refusal) for refusal in found))


def unused(changes: Iterable[Change], allowances: Sequence[AllowedReplacement]) -> tuple[AllowedReplacement, ...]:
    """Allowances that no change needs: a typing error in the name, or a line of the params file that can go."""
    needed = {change.destroyed_id for change in changes if change.guarded}
    return tuple(one for one in allowances if one.logical_id not in needed)


def str_of(refusal: Refusal) -> str:
    """One refusal in text: where, what, and how to let it pass."""
    place = f"{refusal.path}:{refusal.line}: " if refusal.path else ""
    return f"{place}{refusal.logical_id}: {refusal.sentence} ({refusal.how})"


def in_force(allowance: AllowedReplacement, today: date) -> bool:
    """Whether it counts on that day, the one on which it ends included; one of the command line always does."""
    if not allowance.until:
        return allowance.reason == COMMAND_LINE
    return _day(allowance.until) >= today


def _allows(allowance: AllowedReplacement, change: Change, today: date) -> bool:
    return allowance.logical_id == change.destroyed_id and in_force(allowance, today)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def _refusal(change: Change, allowances: Sequence[AllowedReplacement]) -> Refusal:
    worst = next(effect for effect in change.effects if effect.guarded)
    name = change.destroyed_id
    ended = [one.until for one in allowances if one.logical_id == name and one.until]
    how = f"allow it with {COMMAND_LINE} {name}, or a dated line under allow_replace in the params file"
    if ended:
        how = f"its line in the params file ended on {max(ended)}; {how}"
    return Refusal(name, worst.sentence, how, change.verdict, change.path, change.line)
