"""The normal form in which two values are equal exactly when CloudFormation would act the same on both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from aurora_cfn.model.value import Value

MASK = "(hidden)"
NO_VALUE: Value = {"Ref": "AWS::NoValue"}
REFERENCE = "aurora-cfn::Reference"
"""Marks a value that comes from elsewhere at deploy time: another stack's output, SSM, the shell."""
_OWN = frozenset({"Ref", "Fn::GetAtt"})


class Hidden(str):
    """Text that came through a NoEcho parameter: compared as text, shown as a mask."""

    __slots__ = ()


def scalar(value: Any) -> Value:
    """A scalar as CloudFormation takes it: `3306` and `"3306"`, `true` and `"true"` are the same."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def intrinsic(value: Value) -> str | None:
    """The name of the intrinsic that this mapping is, None when it is plain data."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    name = next(iter(value))
    known = name in {"Ref", "Condition", REFERENCE} or name.startswith("Fn::")
    return name if known else None


def join(parts: Iterable[Value]) -> Value:
    """Parts set side by side: text when all are known, else one canonical `Fn::Join` with merged neighbours."""
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
        inner = part.get("Fn::Join") if isinstance(part, Mapping) and len(part) == 1 else None
        if isinstance(inner, list) and len(inner) == 2 and inner[0] == "" and isinstance(inner[1], list):
            yield from flattened(inner[1])
        else:
            yield part


def plus(left: str, right: str) -> str:
    """Both texts, hidden when either is."""
    text = str.__add__(left, right)
    return Hidden(text) if isinstance(left, Hidden) or isinstance(right, Hidden) else text


def is_text(value: Value) -> bool:
    """Whether the value is known text."""
    return isinstance(value, str)


def uncertain(value: Value) -> bool:
    """Whether only AWS knows the value: anything but data and references to resources of the same template."""
    name = intrinsic(value)
    if name is not None:
        assert isinstance(value, Mapping)
        inner = value[name]
        if name == "Ref":
            return not isinstance(inner, str) or inner.startswith(("AWS::", "parameter "))
        if name == "Fn::Join" and isinstance(inner, list) and len(inner) == 2:
            return uncertain(inner[1])
        return name not in _OWN
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
