"""The offline review and CloudFormation's own change set, brought together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from aurora_cfn.model.change import Change, Effect, Verdict, weight
from aurora_cfn.model.change_set import ChangeSet, ResourceChange
from aurora_cfn.review.change_set import change_of, effects_of, rank


def reconciled(offline: Sequence[Change], change_set: ChangeSet, secrets: Collection[str] = ()) -> tuple[Change, ...]:
    """Both views as one list, worst first.

    The change set raises a verdict; it lowers only what the offline review was not sure of. What only one of them
    knows stays, and what CloudFormation does not see is marked as perhaps.
    """
    aws = {row.logical_id: row for row in change_set.changes}
    found = [_merged(change, aws, secrets) for change in offline]
    known = {change.logical_id for change in offline if change.section == "Resources"}
    known |= {change.renamed_from for change in offline}
    found += [change_of(row, secrets) for name, row in aws.items() if name not in known]
    return tuple(sorted(found, key=rank))


def _merged(change: Change, aws: Mapping[str, ResourceChange], secrets: Collection[str]) -> Change:
    if change.section != "Resources":
        return change
    row = aws.get(change.logical_id) or aws.get(change.renamed_from)
    if row is None:
        return _unseen(change)
    if change.kind != "modify" or row.action != "Modify":
        return _with_the_worse(change, row, secrets)
    told = list(effects_of(row, secrets, member=not change.stateful))
    keys = {effect.key: effect for effect in told}
    mine = [_settled(effect, keys.get(effect.key), row) for effect in change.effects]
    new = [effect for effect in told if not any(_covers(one, effect) for one in mine)]
    effects = tuple(sorted([*mine, *new], key=weight))
    return replace(change, effects=_distinct(effects), source="change set")


def _with_the_worse(change: Change, row: ResourceChange, secrets: Collection[str]) -> Change:
    """The offline change, and what AWS tells beside it where that is worse: both speak of different things then.

    Such as a resource that is modified here and removed by AWS, which knows a condition that was not known here.
    """
    agreed = row.action == "Remove" and change.kind in {"remove", "rename"}
    told = [] if agreed else effects_of(row, secrets, member=not change.stateful)
    worse = [effect for effect in told if effect.guarded > change.guarded or effect.verdict > change.verdict]
    effects = tuple(sorted([*change.effects, *worse], key=weight))
    return replace(change, effects=effects, source="change set")


def _settled(mine: Effect, aws: Effect | None, row: ResourceChange) -> Effect:
    """The offline effect once AWS has spoken about the same resource."""
    if mine.maybe and mine.verdict >= Verdict.REPLACE and row.replacement == "False":
        verdict = aws.verdict if aws else Verdict.IN_PLACE
        return replace(
            mine, verdict=verdict, sentence="the change set says that it is not replaced", maybe=False, guarded=False
        )
    if aws is not None and not aws.maybe and aws.verdict >= Verdict.REPLACE:
        return replace(mine, maybe=False)
    return mine


def _covers(mine: Effect, aws: Effect) -> bool:
    """Whether the offline effect says all that AWS says: about the same place or one inside it, and no milder."""
    inside = mine.key == aws.key or mine.key.startswith((f"{aws.key}.", f"{aws.key}["))
    return inside and mine.verdict >= aws.verdict and mine.guarded >= aws.guarded


def _distinct(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """The first, thus the worst, effect of each key and sentence."""
    seen: dict[tuple[str, str], Effect] = {}
    for effect in effects:
        seen.setdefault((effect.key, effect.sentence), effect)
    return tuple(seen.values())


def _unseen(change: Change) -> Change:
    if change.verdict <= Verdict.METADATA:
        return change
    cause = "the change set does not have it"
    effects = tuple(replace(effect, maybe=True, causes=(*effect.causes, cause)) for effect in change.effects)
    return replace(change, effects=effects)
