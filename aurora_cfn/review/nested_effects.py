"""The changes of a nested stack and of what is in it: their names, sentences and masked values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from aurora_cfn.model.change import Change, Effect, Verdict, weight
from aurora_cfn.model.resource_types import LOCATIONS
from aurora_cfn.model.value import Value
from aurora_cfn.review import data_outcome
from aurora_cfn.review.added_and_removed import PLACE
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import MASK
from aurora_cfn.template.resources import Resource, resources
from aurora_cfn.template.side import Side

_MOST_NAMES: Final = 5
"""Resources that are named in one sentence."""
_ADDRESSES: Final = tuple(f"Properties.{name}" for name in LOCATIONS.values())
_GIVEN: Final = ("Properties.Parameters", *_ADDRESSES)


def named(change: Change, name: str) -> Change:
    """The change with the name of the nested stack before its own; a stack refactor does not reach inside of it."""
    kept = f"keep the logical id {change.renamed_from}"
    effects = tuple(replace(one, remedy=kept) if PLACE in one.remedy else one for one in change.effects)
    old = f"{name}/{change.renamed_from}" if change.renamed_from else ""
    return replace(change, logical_id=f"{name}/{change.logical_id}", renamed_from=old, effects=effects)


def judged_inside(change: Change, words: str, remedy: str = "") -> Change:
    """The change of a nested stack that goes, without the data: that is judged by the resources inside."""
    effects = [
        replace(one, verdict=Verdict.REPLACE, sentence=words, remedy=remedy, guarded=False) if one.guarded else one
        for one in change.effects
    ]
    return replace(with_effects(change, effects), stateful=False)


def perhaps(change: Change) -> Change:
    """The change, which only maybe happens."""
    return replace(change, effects=tuple(replace(one, maybe=True) for one in change.effects))


def keeping(change: Change, old: str) -> Change:
    """The change with the remedy for what is in a renamed nested stack, which a stack refactor does not reach."""
    return replace(change, effects=tuple(replace(one, remedy=f"keep the logical id {old}") for one in change.effects))


def passed(effect: Effect, verdict: Verdict, path: str) -> Effect:
    """The effect of another address or value, which has none but in what is inside."""
    if not effect.key.startswith(_GIVEN):
        return effect
    what = "the nested stack gets it" if effect.key.startswith("Properties.Parameters") else f"now {path}"
    return replace(effect, verdict=verdict, sentence=what, remedy="", maybe=False, guarded=False)


def at_another_address(effect: Effect) -> Effect:
    """The effect of another address of the same content, which changes nothing inside."""
    if effect.key not in _ADDRESSES:
        return effect
    what = "the same file of the submodule, at the same commit"
    return replace(effect, verdict=Verdict.METADATA, sentence=what, remedy="", maybe=False, guarded=False)


def with_effects(change: Change, effects: Sequence[Effect]) -> Change:
    """The change with these effects, worst first."""
    return replace(change, effects=tuple(sorted(effects, key=weight)))


def hiding(effect: Effect, hidden: frozenset[str]) -> Effect:
    """The effect with the values of these parameters masked."""
    name = effect.key.removeprefix("Properties.Parameters").removeprefix(".")
    before, after = (_hidden(value, name, hidden) for value in (effect.before, effect.after))
    return replace(effect, before=before, after=after)


def _hidden(value: Value, name: str, hidden: frozenset[str]) -> Value:
    if name:
        return MASK if name in hidden and value is not None else value
    if not isinstance(value, Mapping):
        return value
    return {key: MASK if key in hidden else item for key, item in value.items()}


def summary(path: str, found: Iterable[Change]) -> str:
    """`changes inside (templates/db.yaml): 1 replace, 2 in-place`."""
    counts = Counter(change.outcome for change in found)
    parts = ", ".join(f"{counts[verdict]} {verdict.word}" for verdict in sorted(counts, reverse=True))
    return f"changes inside ({path}): {parts or 'none'}"


def content(side: Side) -> str:
    """`12 resources (templates/db.yaml), of which Db (AWS::RDS::DBInstance) holds data`."""
    rows = resources(Evaluator(side))
    held = [f"{name} ({row.type})" for name, row in rows.items() if _holds_data(row)]
    more = f" and {len(held) - _MOST_NAMES} more" if len(held) > _MOST_NAMES else ""
    count = f"{len(rows)} resource{'s' * (len(rows) != 1)}{f' ({side.path})' if side.path else ''}"
    verb = "holds" if len(held) == 1 else "hold"
    return f"{count}, of which {', '.join(held[:_MOST_NAMES])}{more} {verb} data" if held else count


def _holds_data(resource: Resource) -> bool:
    row = data_outcome.stateful(resource)
    return row is not None and row.keeps_data and not row.records
