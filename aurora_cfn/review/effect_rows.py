"""The row of the effects that is about a difference: the first one whose tests hold, or may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from aurora_cfn.facts.effects import EffectRow, Test, effect_rows
from aurora_cfn.model.value import Value, member
from aurora_cfn.review.compare import Difference
from aurora_cfn.template.forms import number_of, uncertain
from aurora_cfn.template.resources import Resource

_EMPTY: tuple[Value, ...] = (None, "", [], {})
_CAUTIOUS = frozenset({"replace", "may-replace"})
"""What is assumed when a test cannot be decided, as it is worse than what follows."""


@dataclass(frozen=True, slots=True)
class Found:
    """A row, and whether only AWS knows if its tests hold."""

    row: EffectRow
    maybe: bool = False


def row_of(before: Resource, after: Resource, difference: Difference) -> Found | None:
    """The row about that difference, None when no row is."""
    # Rows are ordered from special to general. An undecided row counts only if it is worse than the one after it.
    undecided: EffectRow | None = None
    for row in effect_rows(after.type, difference.top):
        if not _about(row, before, after, difference):
            continue
        holds = _holds(row, before, after, difference)
        if holds:
            return Found(undecided, maybe=True) if undecided else Found(row, difference.maybe)
        if holds is None and row.does in _CAUTIOUS and undecided is None:
            undecided = row
    return Found(undecided, maybe=True) if undecided else None


def value_at(resource: Resource, path: str) -> Value:
    """The value at a dotted path of the properties, or below UpdatePolicy; None where there is none."""
    # An update policy decides what an update does, so the version of a domain upgrades it or replaces it.
    place = resource.attributes if path.startswith("UpdatePolicy.") else resource.properties
    found: Value = member(place, *path.split("."))
    return found


def _about(row: EffectRow, before: Resource, after: Resource, difference: Difference) -> bool:
    """Whether the difference lies in the property of the row, or contains a change of it."""
    path = row.property.split(".")
    keys = [str(key) for key in difference.keys if not isinstance(key, int)]
    shared = min(len(path), len(keys))
    if path[:shared] != keys[:shared]:
        return False
    return len(keys) >= len(path) or value_at(before, row.property) != value_at(after, row.property)


def _holds(row: EffectRow, before: Resource, after: Resource, difference: Difference) -> bool | None:
    """Whether every test of the row holds; None when one cannot be decided and no other fails."""
    own = _values(row, before, after, difference)
    answers = [_answer(name, test, before, after, own) for name, test in row.when.items()]
    if False in answers:
        return False
    return None if None in answers else True


def _values(row: EffectRow, before: Resource, after: Resource, difference: Difference) -> dict[str, Value]:
    """The value of the row's property on both sides; a replaced resource in it counts as another value."""
    # A row names the property of a list's items, the difference also the item's position.
    if ".".join(str(key) for key in difference.keys if not isinstance(key, int)) == row.property:
        left, right = difference.before, difference.after
    else:
        left, right = value_at(before, row.property), value_at(after, row.property)
    return {"before": left, "after": None if difference.follows and isinstance(right, list) else right}


def _answer(name: str, test: Test, before: Resource, after: Resource, own: Mapping[str, Value]) -> bool | None:
    if name == "moves":
        return _MOVES[str(test)](own["before"], own["after"])
    if name == "loses":
        return _loses(own["before"], own["after"])
    if name == "edits":
        return _edits(own["before"], own["after"], str(test))
    if name == "same":
        return value_at(before, str(test)) == value_at(after, str(test))
    side, path = (before, name.removeprefix("was:")) if name.startswith("was:") else (after, name)
    return _passes(test, own[name] if name in own else value_at(side, path))


def _passes(test: Test, value: Value) -> bool | None:
    # `{"not": TEST}`: unknown stays unknown.
    if isinstance(test, dict):
        hit = _passes(test["not"], value)
        return None if hit is None else not hit
    if uncertain(value):
        return None
    if isinstance(test, list):
        return value in test
    if test == "on":
        return value == "true"
    return (value in _EMPTY) == (test == "absent")


def _lower(before: Value, after: Value) -> bool | None:
    try:
        return float(after) < float(before) if isinstance(before, str) and isinstance(after, str) else None
    except ValueError:
        return None


def _only_case(before: Value, after: Value) -> bool | None:
    if not isinstance(before, str) or not isinstance(after, str):
        return None if uncertain(before) or uncertain(after) else False
    # Route 53 reads a name with and without its last dot alike.
    return before.lower().rstrip(".") == after.lower().rstrip(".")


def _double(before: Value, after: Value) -> bool | None:
    """Whether a number grows to more than double, or falls below half."""
    left, right = number_of(before), number_of(after)
    return None if left is None or right is None else right > 2 * left or right < left / 2


_MOVES: Final = {"lower": _lower, "case": _only_case, "double": _double}


def _loses(before: Value, after: Value) -> bool | None:
    if not isinstance(before, list) or not isinstance(after, list):
        return None if uncertain(before) or uncertain(after) else True
    return any(item not in after for item in before)


def _edits(before: Value, after: Value, key: str) -> bool | None:
    """Whether an item with the same text under `key` differs; items that come or go are none."""
    if not isinstance(before, list) or not isinstance(after, list):
        return None if uncertain(before) or uncertain(after) else False
    old = dict(_named(before, key))
    return any(text in old and old[text] != item for text, item in _named(after, key))


def _named(items: list[Value], key: str) -> Iterator[tuple[str, Value]]:
    for item in items:
        text = member(item, key)
        if isinstance(text, str):
            yield text, item
