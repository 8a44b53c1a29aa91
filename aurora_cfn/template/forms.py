"""The normal form in which two values are equal exactly when CloudFormation would act the same on both.

Known values are text, lists and mappings. What only AWS knows stays a function with its arguments in normal form, such
as `{"Ref": "Db"}` or `{"Fn::Join": ["", ["db-", {"Ref": "AWS::StackName"}]]}`, so that both sides of a review can
still be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from aurora_cfn.model.value import Value

MASK: Final = "(hidden)"
NO_VALUE: Value = {"Ref": "AWS::NoValue"}
REFERENCE: Final = "aurora-cfn::Reference"
"""The function of a value that comes from elsewhere at deploy time: another stack's output, SSM, the shell."""
# With a space, which no logical id has: it cannot be mistaken for a resource.
_PARAMETER: Final = "parameter "
_FROM_THIS_TEMPLATE: Final = frozenset({"Ref", "Fn::GetAtt"})
_AS_CERTAIN_AS_ITS_ARGUMENT: Final = frozenset({"Fn::Join", "Fn::Base64"})


class Hidden(str):
    """Text that came through a NoEcho parameter: compared as text, shown as a mask."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Another one than that of equal text, so that results are not shared with a stack where it is no secret."""
        return f"Hidden({super().__repr__()})"


def scalar(value: Any) -> Value:
    """A scalar as CloudFormation takes it: `3306` and `"3306"`, `true` and `"true"` are the same."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):  # before numbers: Python's bool is an int
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def scalar_text(value: Any) -> str | None:
    """The text of a scalar, None for anything else: a list, a mapping, null, something unknown."""
    return str(scalar(value)) if isinstance(value, str | int | float) else None


def number_of(value: Value) -> float | None:
    """A normal form as a number, None when it is none or not known."""
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def intrinsic(value: Any) -> str | None:
    """The name of the intrinsic that this mapping is, None when it is plain data."""
    # Called for every node: a test for the concrete type is several times faster than one for Mapping.
    if isinstance(value, str | list) or not isinstance(value, dict | Mapping) or len(value) != 1:
        return None
    name = next(iter(value))
    known = name in {"Ref", "Condition", REFERENCE} or (isinstance(name, str) and name.startswith("Fn::"))
    return name if known else None


def unknown_parameter(name: str) -> Value:
    """The form of a parameter without a known value."""
    return {"Ref": f"{_PARAMETER}{name}"}


def parameter_of(form: Value) -> str:
    """The name of the parameter that an `unknown_parameter` stands for, empty for every other form."""
    name = form.get("Ref") if isinstance(form, Mapping) and len(form) == 1 else None
    return name.removeprefix(_PARAMETER) if isinstance(name, str) and name.startswith(_PARAMETER) else ""


def join(parts: Iterable[Value]) -> Value:
    """Parts joined without a delimiter: text when all are known, else one canonical `Fn::Join`, neighbours merged."""
    merged: list[Value] = []
    for part in flattened(parts):
        if merged and isinstance(part, str) and isinstance(merged[-1], str):
            merged[-1] = plus(merged[-1], part)
        elif part != "":
            merged.append(part)
    if not merged:
        return ""
    if len(merged) == 1:
        return merged[0]
    return {"Fn::Join": ["", merged]}


def flattened(parts: Iterable[Value]) -> Iterator[Value]:
    """The parts, with those that are canonical joins themselves opened."""
    for part in parts:
        inner = joined_parts(part)
        if inner is None:
            yield part
        else:
            yield from flattened(inner)


def joined_parts(form: Value) -> list[Value] | None:
    """The parts of a canonical join, None for every other form."""
    inner = form.get("Fn::Join") if isinstance(form, Mapping) and len(form) == 1 else None
    if isinstance(inner, list) and len(inner) == 2 and inner[0] == "" and isinstance(inner[1], list):
        return inner[1]
    return None


def plus(left: str, right: str) -> str:
    """Both texts, hidden when either is."""
    text = left + right
    return Hidden(text) if isinstance(left, Hidden) or isinstance(right, Hidden) else text


def is_text(value: Value) -> bool:
    """Whether the value is known text."""
    return isinstance(value, str)


def may_be_nothing(form: Value) -> bool:
    """Whether the form is a choice between something and `AWS::NoValue`."""
    return any(row == NO_VALUE or may_be_nothing(row) for row in branches(form))


def branches(form: Value) -> Sequence[Value]:
    """The values that a condition chooses from; none of any other form."""
    inner = form.get("Fn::If") if isinstance(form, Mapping) and len(form) == 1 else None
    return inner[1:] if isinstance(inner, list) else ()


def uncertain(value: Value) -> bool:
    """Whether only AWS knows the value: anything but data and references to resources of the same template."""
    name = intrinsic(value)
    if name is not None:
        assert isinstance(value, Mapping)
        inner = value[name]
        if name == "Ref":
            return not isinstance(inner, str) or inner.startswith(("AWS::", _PARAMETER))
        if name in _AS_CERTAIN_AS_ITS_ARGUMENT:
            return uncertain(inner)
        return name not in _FROM_THIS_TEMPLATE
    if isinstance(value, Mapping):
        return any(uncertain(item) for item in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(uncertain(item) for item in value)
    return False


def hidden(value: Value) -> bool:
    """Whether any part of the value is a secret."""
    if isinstance(value, Hidden):
        return True
    if isinstance(value, Mapping):
        return any(hidden(item) for item in value.values())
    return isinstance(value, Sequence) and not isinstance(value, str) and any(map(hidden, value))


def masked(value: Value) -> Value:
    """The value with its secrets replaced by a mask, safe to print."""
    if isinstance(value, Hidden):
        return MASK
    if isinstance(value, Mapping):
        return {key: masked(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [masked(item) for item in value]
    return value


def references(value: Value) -> Iterator[tuple[str, str]]:
    """Every `Ref` and `Fn::GetAtt` to a resource in a normal form: logical id and attribute (empty for Ref)."""
    name = intrinsic(value)
    if name is not None and isinstance(value, Mapping):
        inner = value[name]
        if isinstance(inner, str) and name in _FROM_THIS_TEMPLATE:
            if not inner.startswith(("AWS::", _PARAMETER)):
                logical_id, _, attribute = inner.partition(".")
                yield logical_id, attribute
            return
        if name == "Fn::GetAtt" and isinstance(inner, list) and inner and isinstance(inner[0], str):
            yield inner[0], ""
        yield from references(inner)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from references(item)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from references(item)
