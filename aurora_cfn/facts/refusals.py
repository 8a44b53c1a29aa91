"""What AWS refuses at deployment: values out of bounds and properties that do not go together, each with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeAlias, TypeVar

from aurora_cfn.facts import read_facts

Condition: TypeAlias = str | list[str | None] | dict[str, Any]
"""`given`, `absent`, `empty`, `on`, `off`, a list of texts (null means absent), or a comparison.

`production` and `perhaps production` are about the resource as a whole and need no path; `{"lacks": GATE}` is about
an engine version that certainly does not have a feature of `gates.json`.
"""
Conditions: TypeAlias = Mapping[str, Condition]


@dataclass(frozen=True, slots=True)
class Source:
    """The page that says so, and the day on which it was read."""

    url: str
    checked: str


@dataclass(frozen=True, slots=True)
class ValueRow:
    """What AWS accepts in one property of some resource types; `says` puts it in words.

    `when` limits the row to resources that fulfil it, `secret` keeps the value out of messages, and `cfn_lint` means
    that cfn-lint itself sees a value that is written in place, so that only values of parameters are left to the row.
    """

    types: tuple[str, ...]
    property: str
    bounds: Mapping[str, Any]
    says: str
    source: Source
    when: Conditions = field(default_factory=dict)
    secret: bool = False
    cfn_lint: bool = False


@dataclass(frozen=True, slots=True)
class CombinationRow:
    """Properties that AWS refuses together: a finding when each of `when` holds, at the property `at` (or at none).

    `each` is a list property: then `when` is asked of each of its entries, and a path that starts with `/` of the
    resource itself.
    """

    types: tuple[str, ...]
    at: str
    when: Conditions
    message: str
    fix: str
    source: Source
    each: str = ""
    level: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class PropertyRule:
    """A rule of `lint` that is nothing but conditions on properties; `fix` holds for rows without one of their own.

    `rows` are its rows by resource type.
    """

    id: str
    title: str
    why: str
    fix: str
    source: Source
    rows: Mapping[str, tuple[CombinationRow, ...]]
    every_variant: bool
    tags: tuple[str, ...]


Row = TypeVar("Row", ValueRow, CombinationRow)


@cache
def value_rows() -> Mapping[str, tuple[ValueRow, ...]]:
    """Rows about single values, by resource type."""
    return _by_type([_value_row(row) for row in read_facts("refusals")["values"]])


@cache
def property_rules() -> tuple[PropertyRule, ...]:
    """The rules of `property_rules.json`; those with a `level` have the combinations of that level as rows."""
    return tuple(_property_rule(row) for row in read_facts("property_rules")["rules"])


@cache
def combination_rows() -> tuple[CombinationRow, ...]:
    """Rows about properties that do not go together."""
    return tuple(_combination_row(row, _source(row["source"])) for row in read_facts("refusals")["combinations"])


def _by_type(rows: Sequence[Row]) -> dict[str, tuple[Row, ...]]:
    kinds = dict.fromkeys(kind for row in rows for kind in row.types)
    return {kind: tuple(row for row in rows if kind in row.types) for kind in kinds}


_ABOUT = frozenset({"types", "property", "says", "source", "when", "secret", "cfn_lint"})


def _value_row(row: dict[str, Any]) -> ValueRow:
    return ValueRow(
        types=tuple(row["types"]),
        property=row["property"],
        bounds={name: value for name, value in row.items() if name not in _ABOUT},
        says=row["says"],
        source=_source(row["source"]),
        when=row.get("when", {}),
        secret=row.get("secret", False),
        cfn_lint=row.get("cfn_lint", False),
    )


def _property_rule(row: dict[str, Any]) -> PropertyRule:
    source = Source(row["source"], row["checked"])
    rows = [_combination_row(each, source) for each in row.get("rows", ())]
    rows += [each for each in combination_rows() if each.level == row.get("level")]
    return PropertyRule(
        id=row["id"],
        title=row["title"],
        why=row["why"],
        fix=row["fix"],
        source=source,
        rows=_by_type(rows),
        every_variant=row.get("every_variant", True),
        tags=tuple(row.get("tags", ("resources", "rds", "aurora"))),
    )


def _combination_row(row: dict[str, Any], source: Source) -> CombinationRow:
    return CombinationRow(
        types=tuple(row["types"]),
        at=row.get("at", ""),
        when=row["when"],
        message=row["message"],
        fix=row.get("fix", ""),
        source=source,
        each=row.get("each", ""),
        level=row.get("level", "error"),
    )


def _source(name: str) -> Source:
    row = read_facts("refusals")["sources"][name]
    return Source(row["url"], row["date"])
