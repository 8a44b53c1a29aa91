"""Conditions, and values that depend on them."""

from __future__ import annotations

from typing import Any

from troposphere import Equals, If, ImportValue, Join, Not, NoValue, Ref, Select, Split, Sub

from aurora_cfn.model.value import Value


def given(parameter: str) -> Not:
    """True when the parameter is not empty."""
    return Not(Equals(Ref(parameter), ""))


def chosen(parameter: str, value: str) -> Equals:
    """True when the parameter has that value."""
    return Equals(Ref(parameter), value)


def is_true(parameter: str) -> Equals:
    """True when the parameter is `true`."""
    return chosen(parameter, "true")


def listed(parameter: str, item: str) -> Not:
    """True when the item is in a comma-separated parameter.

    Conditions have no Fn::Contains, which only Rules have. So the list is split at the item: where it is not in the
    list, the first part is the whole list.
    """
    whole = Join(",", ["", Ref(parameter), ""])
    return Not(Equals(Select(0, Split(f",{item},", whole)), whole))


def in_partition(name: str) -> Equals:
    """True in the regions of that partition, such as aws-cn."""
    return Equals(Ref("AWS::Partition"), name)


def named(condition: str) -> dict[str, str]:
    """A reference to another condition."""
    return {"Condition": condition}


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


def is_given(parameter: str) -> Value:
    """As `given`, for Rules."""
    return {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]}
