"""Which worlds a template is looked at in: the values given, and one for each other value that it invites.

A parameter with a value given has that value alone. Otherwise its default is the first world's, and each further
allowed value, and each literal that a condition or a map compares it with, makes a world in which only it differs.
Worlds that the template's own Rules refuse are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.facts.regions import pseudo_parameters
from aurora_cfn.lint.found import UNKNOWN, Unknown, scalar_text
from aurora_cfn.lint.logic import decide
from aurora_cfn.lint.world import World, section

MOST: Final = 64
"""A template that invites more worlds is looked at in the first ones."""


def worlds(
    template: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    region: str | None = None,
    offered: Offered = NOTHING_OFFERED,
) -> tuple[World, ...]:
    """The worlds of a template; the first one has the values given and the defaults."""
    compared = _compared(template)
    rows = {name: row for name, row in section(template, "Parameters").items() if isinstance(row, Mapping)}
    base = {name: _value(name, row, given) for name, row in rows.items()}
    base |= _pseudo(region)
    found = [World(template, base, offered=offered)]
    for name, row in rows.items():
        others = _others(row, compared.get(name, ())) if name not in given else ()
        changed = (value for value in others if value != base[name])
        found += [World(template, base | {name: value}, f"when {name} is {value!r}", offered) for value in changed]
    return tuple(world for number, world in enumerate(found[:MOST]) if number == 0 or not _refused(world))


def _pseudo(region: str | None) -> dict[str, Any]:
    names = ("AccountId", "NotificationARNs", "Partition", "Region", "StackId", "StackName", "URLSuffix")
    return {f"AWS::{name}": UNKNOWN for name in names} | (pseudo_parameters(region) if region else {})


def _value(name: str, row: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
    kind = str(row.get("Type"))
    if name in given:
        value = given[name]
    elif "Default" in row and not kind.startswith("AWS::SSM::"):
        value = row["Default"]
    elif kind.startswith("AWS::SSM::") or "AllowedValues" in row:
        return UNKNOWN
    else:
        return Unknown(name)
    text = scalar_text(value)
    if "List" in kind and text is not None:
        return text.split(",") if text else []
    return value if isinstance(value, list) else text


def _others(row: Mapping[str, Any], literals: Any) -> Iterator[str]:
    """Further values a parameter may take: its allowed ones, or the literals that something compares it with."""
    if "List" in str(row.get("Type")) or str(row.get("Type")).startswith("AWS::SSM::"):
        return
    allowed = row.get("AllowedValues")
    values = allowed if isinstance(allowed, list) else literals
    yield from (text for text in map(scalar_text, values) if text is not None)


def _compared(template: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Parameter to the literals that Fn::Equals compares it with and the keys by which Fn::FindInMap looks it up."""
    found: dict[str, dict[str, None]] = {}
    for name, value in _comparisons(template, section(template, "Mappings")):
        found.setdefault(name, {})[value] = None
    return {name: tuple(values) for name, values in found.items()}


def _comparisons(node: Any, maps: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for row in node:
            yield from _comparisons(row, maps)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if key == "Fn::Equals" and isinstance(value, list) and len(value) == 2:
                yield from _sides(*value)
            elif key == "Fn::FindInMap" and isinstance(value, list) and len(value) == 3:
                yield from _looked_up(value, maps)
            yield from _comparisons(value, maps)


def _sides(left: Any, right: Any) -> Iterator[tuple[str, str]]:
    for one, other in ((left, right), (right, left)):
        name, text = _parameter(one), scalar_text(other)
        if name and text is not None:
            yield name, text


def _looked_up(argument: list[Any], maps: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rows = maps.get(argument[0]) if isinstance(argument[0], str) else None
    name = _parameter(argument[1])
    if name and isinstance(rows, Mapping):
        yield from ((name, str(key)) for key in rows)


def _parameter(node: Any) -> str:
    name = node.get("Ref") if isinstance(node, Mapping) else None
    return name if isinstance(name, str) else ""


def _refused(world: World) -> bool:
    """Whether one of the template's Rules certainly fails."""
    return any(_fails(rule, world) for rule in section(world.template, "Rules").values())


def _fails(rule: Any, world: World) -> bool:
    if not isinstance(rule, Mapping):
        return False
    if "RuleCondition" in rule and decide(rule["RuleCondition"], world) is not True:
        return False
    rows = rule.get("Assertions")
    asserted = [row.get("Assert") for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return any(decide(node, world) is False for node in asserted)
