"""Conditions and the values that hang on them, spelled once."""

from __future__ import annotations

from typing import Any

from troposphere import Equals, If, ImportValue, Join, Not, NoValue, Ref, Select, Split, Sub

from aurora_cfn.model.value import Value


def given(parameter: str) -> Not:
    """True when the parameter is not empty."""
    return Not(Equals(Ref(parameter), ""))


def chosen(parameter: str, value: str) -> Equals:
    """True when the parameter is that value."""
    return Equals(Ref(parameter), value)


def listed(parameter: str, item: str) -> Not:
    """True when the item stands in a comma-separated parameter: cutting the list at the item leaves less of it."""
    whole = Join(",", ["", Ref(parameter), ""])
    return Not(Equals(Select(0, Split(f",{item},", whole)), whole))


def in_partition(name: str) -> Equals:
    """True in the regions of that partition, such as aws-cn."""
    return Equals(Ref("AWS::Partition"), name)


def named(condition: str) -> dict[str, str]:
    """Another condition, by its name."""
    return {"Condition": condition}


def is_true(parameter: str) -> Equals:
    """True when the parameter is `true`."""
    return Equals(Ref(parameter), "true")


def only_if(condition: str, value: Any) -> If:
    """The value while the condition holds, otherwise the property is absent."""
    return If(condition, value, NoValue)


def unless(condition: str, value: Any) -> If:
    """The value while the condition does not hold, otherwise the property is absent."""
    return If(condition, NoValue, value)


def imported(stack_parameter: str, output: str) -> ImportValue:
    """The output of the stack that a parameter names."""
    return ImportValue(Sub(f"${{{stack_parameter}}}-{output}"))


def imported_list(stack_parameter: str, output: str) -> Split:
    """A comma-separated output of the stack that a parameter names, as a list."""
    return Split(",", imported(stack_parameter, output))


def rule(*, when: Value, must: Value, why: str) -> Value:
    """One entry of the template's Rules; CloudFormation knows only `Ref` and the rule functions here."""
    entry: dict[str, Value] = {"RuleCondition": when} if when else {}
    return entry | {"Assertions": [{"Assert": must, "AssertDescription": why}]}
