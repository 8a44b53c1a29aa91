"""A template's Rules as checks, so that what CloudFormation would refuse is refused offline, with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Check, Values


def rule_checks(rules: Mapping[str, Value]) -> tuple[Check, ...]:
    """One check an assertion; it runs once every parameter that the rule names has a known value."""
    return tuple(check for rule in rules.values() for check in _checks(rule))


def _checks(rule: Any) -> Iterator[Check]:
    when = rule.get("RuleCondition", {"Fn::Equals": ["", ""]})
    for assertion in rule["Assertions"]:
        must, why = assertion["Assert"], assertion.get("AssertDescription", "a rule of the template refuses it")
        yield Check(tuple(sorted({*_names(when), *_names(must)})), _problem(when, must, why))


def _problem(when: Any, must: Any, why: str) -> Any:
    return lambda values: why if holds(when, values) and not holds(must, values) else None


def _names(node: Any) -> Iterator[str]:
    """The parameters that an expression refers to."""
    if isinstance(node, Mapping):
        if "Ref" in node:
            yield str(node["Ref"])
        for value in node.values():
            yield from _names(value)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from _names(item)


def holds(node: Any, values: Values) -> bool:
    """Whether an expression of a rule is true for these values.

    Raises ValueError for a function that rules do not have (CloudFormation guide, rule functions, 2026-11-20).
    """
    ((name, argument),) = node.items()
    match name:
        case "Fn::Not":
            return not holds(argument[0], values)
        case "Fn::And":
            return all(holds(item, values) for item in argument)
        case "Fn::Or":
            return any(holds(item, values) for item in argument)
        case "Fn::Equals":
            return _text(argument[0], values) == _text(argument[1], values)
        case "Fn::Contains":
            return _text(argument[1], values) in {_text(item, values) for item in argument[0]}
    raise ValueError(f"{name} is no function of rules that is known here")


def _text(node: Any, values: Values) -> str:
    return values[node["Ref"]] if isinstance(node, Mapping) else str(node)
