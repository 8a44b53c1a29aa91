"""Which resources and outputs are the same on both sides, found without evaluating them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from aurora_cfn.model.value import Value
from aurora_cfn.template.entries import Uses, entries, text_of
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.parsed import kept, section_of

_COMPARED_KEYS: Mapping[str, Collection[str] | None] = {
    "Parameters": ("Type", "AllowedValues", "NoEcho"),
    "Mappings": None,
    "Conditions": None,
}
"""The sections that values are made of, with the keys that matter beside the value itself (None: all).

AllowedValues: the values of a mapping that an unknown parameter can select depend on them.
"""


def unchanged(before: Evaluator, after: Evaluator, section: str) -> frozenset[str]:
    """The names of the section's entries that are written alike on both sides and whose values are equal there.

    Whatever is not certain is left out: it may still prove equal when it is evaluated.
    """
    names: set[str] = set()
    for uses, alike in _written_alike(before.side.template, after.side.template, section).items():
        if before.values_of(uses.values) == after.values_of(uses.values):
            names.update(alike)
    return frozenset(names)


def _written_alike(
    before: Mapping[str, Value], after: Mapping[str, Value], section: str
) -> Mapping[Uses, tuple[str, ...]]:
    """The names of entries by what they use; kept with `before` too, so that its identity stays its own."""
    _, found = kept(after, ("alike", section, id(before)), lambda: (before, dict(_alike(before, after, section))))
    return found


def _alike(
    before: Mapping[str, Value], after: Mapping[str, Value], section: str
) -> Iterator[tuple[Uses, tuple[str, ...]]]:
    otherwise = {
        name for part, keys in _COMPARED_KEYS.items() for name in _declared_otherwise(before, after, part, keys)
    }
    left = entries(before, section)
    groups: dict[Uses, list[str]] = {}
    for name, entry in entries(after, section).items():
        other = left.get(name)
        if other is None or other.text != entry.text or entry.uses is None:
            continue
        # A name may be declared on one side only, so both sides are asked.
        if not (entry.may_refer_to(otherwise) or other.may_refer_to(otherwise)):
            groups.setdefault(entry.uses, []).append(name)
    for uses, names in groups.items():
        yield uses, tuple(names)


def _declared_otherwise(
    before: Mapping[str, Value], after: Mapping[str, Value], section: str, keys: Collection[str] | None
) -> Iterator[str]:
    left, right = section_of(before, section), section_of(after, section)
    for name in {*left, *right}:
        if name not in left or name not in right or _said(left[name], keys) != _said(right[name], keys):
            yield name


def _said(row: Any, keys: Collection[str] | None) -> str:
    return text_of([row.get(key) for key in keys] if keys and isinstance(row, Mapping) else row)
