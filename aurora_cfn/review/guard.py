"""The guard: what must be allowed by name before it may be deployed. A confirmation (`--yes`) never satisfies it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from aurora_cfn.errors import GuardError, KnownFailureError
from aurora_cfn.model.change import Change, Refusal, Verdict
from aurora_cfn.model.environment import AllowedReplacement
from aurora_cfn.review.allowances import COMMAND_LINE, TRY_ANYWAY, in_force


def refusals(
    changes: Iterable[Change],
    allowances: Sequence[AllowedReplacement],
    today: date,
    tried: frozenset[str] = frozenset(),
) -> tuple[Refusal, ...]:
    """The changes that fail and are not `tried` anyway, and those that lose or open data and are not allowed by name.

    What fails is rolled back, so an allowance is not asked for as long as it is not tried.

    An allowance counts up to and including its day; one without a day (or with a day that is none) is for this run
    when it came from the command line, and counts for nothing otherwise.
    """
    found = []
    for change in changes:
        # First: what fails is rolled back and loses nothing.
        if change.fails and tried.isdisjoint({change.logical_id, change.destroyed_id}):
            found.append(_failure(change))
        elif change.guarded and not any(_allows(one, change, today) for one in allowances):
            found.append(_refusal(change, allowances))
    return tuple(found)


def known_failures(found: Sequence[Refusal]) -> tuple[Refusal, ...]:
    """All the refusals as soon as one of the changes is known to fail, else none: CloudFormation is asked first."""
    return tuple(found) if any(one.verdict is Verdict.FAILS for one in found) else ()


def refuse(found: Sequence[Refusal]) -> None:
    """Raise GuardError (exit 6) or KnownFailureError (exit 11) with every refusal; nothing when there is none."""
    if found:
        text = "\n".join(str_of(refusal) for refusal in found)
        raise GuardError(text) if refused_code(found) == GuardError.exit_code else KnownFailureError(text)


def refused_code(found: Iterable[Refusal]) -> int:
    """The exit code of the refusals, 0 without any: 6 if one is about data, 11 if all are changes that fail."""
    # Data comes first: a change that only fails is rolled back.
    failing = {refusal.verdict is Verdict.FAILS for refusal in found}
    if not failing:
        return 0
    return GuardError.exit_code if False in failing else KnownFailureError.exit_code


def unused(changes: Iterable[Change], allowances: Sequence[AllowedReplacement]) -> tuple[AllowedReplacement, ...]:
    """Allowances that no change needs: a typing error in the name, or a line of the params file that can go."""
    needed = {change.destroyed_id for change in changes if change.guarded}
    return tuple(one for one in allowances if one.logical_id not in needed)


def str_of(refusal: Refusal) -> str:
    """One refusal in text: where, what, and how to let it pass."""
    place = f"{refusal.path}:{refusal.line}: " if refusal.path else ""
    return f"{place}{refusal.logical_id}: {refusal.sentence} ({refusal.how})"


def _allows(allowance: AllowedReplacement, change: Change, today: date) -> bool:
    # The id of what is lost: of a renamed resource that is the old one.
    return allowance.logical_id == change.destroyed_id and in_force(allowance, today)


def _failure(change: Change) -> Refusal:
    # Effects are sorted, worst first.
    worst = next(effect for effect in change.effects if effect.fails and not effect.maybe)
    remedy = f"{worst.remedy}; or " if worst.remedy else ""
    how = f"remedy: {remedy}try it with {TRY_ANYWAY} {change.logical_id}"
    return Refusal(change.logical_id, worst.sentence, how, Verdict.FAILS, change.path, change.line)


def _refusal(change: Change, allowances: Sequence[AllowedReplacement]) -> Refusal:
    worst = next(effect for effect in change.effects if effect.guarded)
    name = change.destroyed_id
    ended = [one.until for one in allowances if one.logical_id == name and one.until]
    how = f"allow it with {COMMAND_LINE} {name}, or a dated line under allow_replace in the params file"
    if ended:
        how = f"its line in the params file ended on {max(ended)}; {how}"
    return Refusal(name, worst.sentence, how, change.verdict, change.path, change.line)
