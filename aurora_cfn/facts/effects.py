"""What an update of a property does: rows with conditions, and a sentence; their sources are in `effects.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeAlias

from aurora_cfn.facts import read_facts

Does: TypeAlias = Literal["replace", "may-replace", "in-place", "interruption", "fails", "may-fail", "unknown"]
"""`fails`: AWS refuses the update or rolls it back; `unknown`: no public source says what happens."""
Test: TypeAlias = str | list[str] | dict[str, list[str]]
"""`given`, `absent`, `on` (true), a list of values, or `{"not": [values]}`."""


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What a change of one property of a type does, where every test of `when` holds.

    `property` is a dotted path. `when` has tests by name: `before` and `after` are the property's own value, `moves`
    is how it moves (`lower`, `case`, `double`: to more than that, or to less than half), `loses` is `items` when a list
    loses some, `edits` names the key of list items of which one stays and differs, `same` names a property that does
    not change; any other name is a property, or a part of UpdatePolicy, after the change, with `was:` in front of it
    one before the change.
    """

    type: str
    property: str
    does: Does
    says: str
    when: Mapping[str, Test] = field(default_factory=dict)
    remedy: str = ""
    alert: bool = False


def effect_rows(kind: str, name: str = "") -> tuple[EffectRow, ...]:
    """The rows of a type, or of those of its properties that begin with `name`; the first that holds counts."""
    rows = _by_type().get(kind, ())
    return tuple(row for row in rows if row.property.partition(".")[0] == name) if name else rows


def plain_row(kind: str, name: str) -> EffectRow | None:
    """The row of a property without conditions, for callers that do not know the values; None if there is none."""
    return next((row for row in effect_rows(kind, name) if not row.when and row.property == name), None)


def connection_parameters() -> frozenset[str]:
    """Engine parameters that shut clients out at once."""
    return frozenset(read_facts("effects")["connection_parameters"])


@cache
def names_not_unique() -> frozenset[str]:
    """Types of which two may have the same name in one account and Region."""
    return frozenset(read_facts("effects")["names"]["not_unique"])


def names_unique_within(kind: str) -> tuple[str, ...]:
    """The properties of a type in which its name is unique, such as the VPC of a security group; else the account."""
    return tuple(read_facts("effects")["names"]["unique_within"].get(kind, ()))


@cache
def _by_type() -> Mapping[str, tuple[EffectRow, ...]]:
    found: dict[str, list[EffectRow]] = {}
    for raw in read_facts("effects")["rows"]:
        for row in _rows(raw):
            found.setdefault(row.type, []).append(row)
    return {kind: tuple(rows) for kind, rows in found.items()}


def _rows(raw: dict[str, Any]) -> Iterator[EffectRow]:
    """One row of the file is about each of its properties in each of its types."""
    rest = {name: raw[name] for name in ("when", "remedy", "alert") if name in raw}
    for kind in raw["types"]:
        for name in raw["properties"]:
            yield EffectRow(type=kind, property=name, does=raw["does"], says=raw.get("says", ""), **rest)
