"""The functions of conditions and of Rules: text `true` or `false`, or the expression when it is not decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aurora_cfn.model.value import Value
from aurora_cfn.template.forms import is_text, parameter_of
from aurora_cfn.template.reader import Function, Reader, Truth, arguments, of_two

_OPPOSITE: Final[Mapping[str, str]] = {"true": "false", "false": "true"}


def as_truth(value: Value) -> Truth:
    """The normal form of a condition as True, False or its expression."""
    return value == "true" if value in ("true", "false") else value


def _word(decided: bool) -> str:
    return "true" if decided else "false"


@of_two
def _equals(reader: Reader, left: Value, right: Value) -> Value:
    decided = _equal(reader, left, right)
    return {"Fn::Equals": sorted((left, right), key=_order)} if decided is None else _word(decided)


def _order(operand: Value) -> tuple[bool, str]:
    """Sort key of operands that say the same in any order: literals last, as they are mostly written."""
    return isinstance(operand, str), repr(operand)


def _equal(reader: Reader, left: Value, right: Value) -> bool | None:
    # Equal forms have equal values; two forms that differ may have equal values too.
    if (is_text(left) and is_text(right)) or left == right:
        return left == right
    for one, other in ((left, right), (right, left)):
        if is_text(other) and reader.differs_from_literals(parameter_of(one)):
            return False
    return None


def _not(reader: Reader, argument: Value) -> Value:
    single = arguments(argument, 1, 1)
    inner = reader.value(single[0]) if single else None
    if isinstance(inner, str):
        return _OPPOSITE.get(inner)
    # Not(Not(A)) is A, so that both notations compare equal in a review.
    twice = inner.get("Fn::Not") if isinstance(inner, Mapping) and len(inner) == 1 else None
    return twice[0] if isinstance(twice, list) and len(twice) == 1 else None


def _gate(decisive: str) -> Function:
    """`And` and `Or`: one `decisive` argument is the result, its opposite is left out of the expression."""
    other = _OPPOSITE[decisive]
    name = "Fn::And" if decisive == "false" else "Fn::Or"

    def gate(reader: Reader, argument: Value) -> Value:
        # CloudFormation takes 2 to 10 conditions; lint reports any other number.
        items = arguments(argument, 1, 99)
        if items is None:
            return None
        values = [reader.value(item) for item in items]
        if decisive in values:
            return decisive
        left = [value for value in values if value != other]
        if len(left) == 1:
            return left[0]
        return {name: sorted(left, key=_order)} if left else other

    return gate


def _condition(reader: Reader, argument: Value) -> Value:
    if not isinstance(argument, str):
        return None
    truth = reader.condition(argument)
    return _word(truth) if isinstance(truth, bool) else truth


@of_two
def _contains(_: Reader, allowed: Value, members: Value) -> Value:
    """`Fn::Contains: [list, value]`; a list of values is in it when each of them is."""
    return _each_in(members, allowed, {"Fn::Contains": [allowed, members]})


@of_two
def _each_member_in(_: Reader, members: Value, allowed: Value) -> Value:
    """`Fn::EachMemberIn: [values, list]`."""
    return _each_in(members, allowed, {"Fn::EachMemberIn": [members, allowed]})


def _each_in(members: Value, allowed: Value, form: Value) -> Value:
    rows = members if isinstance(members, list) else [members]
    if not isinstance(allowed, list):
        return form
    missing = [row for row in rows if not (is_text(row) and row in allowed)]
    if not missing:
        return "true"
    # A member is surely missing only if it and all allowed values are known.
    return "false" if all(map(is_text, allowed)) and any(map(is_text, missing)) else form


@of_two
def _each_member_equals(reader: Reader, members: Value, wanted: Value) -> Value:
    """`Fn::EachMemberEquals: [values, value]`."""
    form: Value = {"Fn::EachMemberEquals": [members, wanted]}
    if not isinstance(members, list):
        return form
    return _all([_equal(reader, row, wanted) for row in members], form)


def _all(decided: Sequence[bool | None], form: Value) -> Value:
    if False in decided:
        return "false"
    return form if None in decided else "true"


CONDITION_FUNCTIONS: Final[Mapping[str, Function]] = {
    "Condition": _condition,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::And": _gate("false"),
    "Fn::Or": _gate("true"),
    "Fn::Contains": _contains,
    "Fn::EachMemberIn": _each_member_in,
    "Fn::EachMemberEquals": _each_member_equals,
}
"""`Fn::RefAll`, `Fn::ValueOf` and `Fn::ValueOfAll` ask AWS about its own resources and stay unknown."""
