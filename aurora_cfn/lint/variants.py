"""The variants of a template, that is the sets of parameter values with which it is linted.

A parameter with a given value has only that value. Otherwise the first variant has its default, and there is a variant
for each further allowed value, and for each literal that a condition or a map compares it with; only that parameter
differs there. Variants that the template's own Rules refuse are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.lint.variant import Variant
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import scalar_text
from aurora_cfn.template.mentions import lone_ref
from aurora_cfn.template.parsed import section_of
from aurora_cfn.template.rules import assertions
from aurora_cfn.template.side import Side

MOST: Final = 64
"""Variants at most; of a template that has more, the first ones are linted. A bound on the time of a lint."""


def variants(
    template: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    region: str | None = None,
    offered: Offered = NOTHING_OFFERED,
) -> tuple[Variant, ...]:
    """The variants of a template; the first one has the values given and the defaults."""
    rows = {name: row for name, row in section_of(template, "Parameters").items() if isinstance(row, Mapping)}
    side = Side(template, parameters=given, region=region)
    first = Evaluator(side, frozenset(name for name, row in rows.items() if name not in given and _is_open(row)))
    others = islice(_changed(first, side, rows, given), MOST - 1)
    found = (Variant(evaluator, change, offered) for evaluator, change in others)
    return (Variant(first, offered=offered), *(variant for variant in found if not _refused(variant)))


def _is_open(row: Mapping[str, Any]) -> bool:
    """Whether a parameter may have any value, so that the literals that it is compared with are values of their own."""
    return not ("Default" in row or "AllowedValues" in row or str(row.get("Type")).startswith("AWS::SSM::"))


def _changed(
    first: Evaluator, side: Side, rows: Mapping[str, Any], given: Mapping[str, Any]
) -> Iterator[tuple[Evaluator, str]]:
    """One evaluator for each further value of a parameter, and what it changes."""
    compared = _compared(side.template)
    for name, row in rows.items():
        for value in _others(row, compared.get(name, ())) if name not in given else ():
            if value != first.parameter(name):
                other = replace(side, parameters={**given, name: value})
                # What the loops make may depend on the value; a template without loops is not searched again.
                yield Evaluator(other, first.distinct, first.side is not side), f"when {name} is {value!r}"


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
    for name, value in _comparisons(template, section_of(template, "Mappings")):
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
        name, text = lone_ref(one), scalar_text(other)
        if name and text is not None:
            yield name, text


def _looked_up(argument: list[Any], maps: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rows = maps.get(argument[0]) if isinstance(argument[0], str) else None
    name = lone_ref(argument[1])
    if name and isinstance(rows, Mapping):
        yield from ((name, str(key)) for key in rows)


def _refused(variant: Variant) -> bool:
    """Whether one of the template's Rules certainly fails."""
    rules = section_of(variant.template, "Rules")
    return any(assertion.refuses(variant.evaluator) for assertion in assertions(rules))
