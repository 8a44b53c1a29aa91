"""The intrinsic functions, each worked out when its arguments are known; None when they are not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from aurora_cfn.model.value import Value
from aurora_cfn.template.forms import NO_VALUE, Hidden, is_text, join


class Reader(Protocol):
    """What the functions need from the side that they stand in."""

    def value(self, raw: Value) -> Value:
        """Normal form of any raw value."""
        ...

    def ref(self, name: str) -> Value:
        """The value of a Ref."""
        ...

    def condition(self, name: str) -> bool | Value:
        """Truth of a condition, or its expression."""
        ...

    def mapping(self, name: str) -> Mapping[str, Value]:
        """A mapping of the template, empty when there is none."""
        ...


Function: TypeAlias = Callable[[Reader, Value], Value]
_HOLE = re.compile(r"\$\{([^}]*)\}")


def _arguments(argument: Value, low: int, high: int) -> Sequence[Value] | None:
    if isinstance(argument, Sequence) and not isinstance(argument, str) and low <= len(argument) <= high:
        return argument
    return None


def _ref(reader: Reader, argument: Value) -> Value:
    return reader.ref(argument) if isinstance(argument, str) else None


def _get_att(_reader: Reader, argument: Value) -> Value:
    if isinstance(argument, str):
        return {"Fn::GetAtt": argument}
    parts = _arguments(argument, 1, 9)
    if parts is None or not all(isinstance(part, str) for part in parts):
        return None
    return {"Fn::GetAtt": ".".join(map(str, parts))}


def _sub(reader: Reader, argument: Value) -> Value:
    pair = _arguments(argument, 1, 2)
    text = pair[0] if pair else argument
    own = pair[1] if pair and len(pair) == 2 and isinstance(pair[1], Mapping) else {}
    if not isinstance(text, str):
        return None
    parts: list[Value] = []
    end = 0
    for hole in _HOLE.finditer(text):
        parts += [text[end : hole.start()], _hole(reader, hole[1].strip(), own)]
        end = hole.end()
    return join([*parts, text[end:]])


def _hole(reader: Reader, name: str, own: Mapping[str, Value]) -> Value:
    if name.startswith("!"):
        return "${" + name[1:] + "}"
    if name in own:
        return reader.value(own[name])
    return _get_att(reader, name) if "." in name else reader.ref(name)


def _join(reader: Reader, argument: Value) -> Value:
    pair = _arguments(argument, 2, 2)
    if pair is None:
        return None
    delimiter, items = reader.value(pair[0]), reader.value(pair[1])
    if not isinstance(delimiter, str) or not isinstance(items, list):
        return None
    parts: list[Value] = []
    for number, item in enumerate(items):
        parts += [delimiter, item] if number else [item]
    return join(parts) if parts else ""


def _if(reader: Reader, argument: Value) -> Value:
    triple = _arguments(argument, 3, 3)
    if triple is None or not isinstance(triple[0], str):
        return None
    truth = reader.condition(triple[0])
    if isinstance(truth, bool):
        return _or_nothing(reader.value(triple[1] if truth else triple[2]))
    yes, no = reader.value(triple[1]), reader.value(triple[2])
    return _or_nothing(yes) if yes == no else {"Fn::If": [truth, yes, no]}


def _or_nothing(value: Value) -> Value:
    return NO_VALUE if value is None else value


def _find_in_map(reader: Reader, argument: Value) -> Value:
    triple = _arguments(argument, 3, 4)
    if triple is None:
        return None
    name, first, second = (reader.value(part) for part in triple[:3])
    content = reader.mapping(name) if isinstance(name, str) else {}
    if isinstance(first, str) and isinstance(second, str):
        row = content.get(first)
        found = row.get(second) if isinstance(row, Mapping) else None
        if found is not None:
            return reader.value(found)
    # The content stands in the form, so that a changed mapping is seen although the key is not known.
    return {"Fn::FindInMap": [reader.value(content), name, first, second, *map(reader.value, triple[3:])]}


def _select(reader: Reader, argument: Value) -> Value:
    pair = _arguments(argument, 2, 2)
    if pair is None:
        return None
    index, items = reader.value(pair[0]), reader.value(pair[1])
    if isinstance(index, str) and index.isdigit() and isinstance(items, list) and int(index) < len(items):
        chosen: Value = items[int(index)]
        return chosen
    return {"Fn::Select": [index, items]}


def _split(reader: Reader, argument: Value) -> Value:
    pair = _arguments(argument, 2, 2)
    if pair is None:
        return None
    delimiter, text = reader.value(pair[0]), reader.value(pair[1])
    if not isinstance(delimiter, str) or not isinstance(text, str) or not delimiter:
        return {"Fn::Split": [delimiter, text]}
    parts = text.split(delimiter)
    return [Hidden(part) for part in parts] if isinstance(text, Hidden) else list(parts)


def _equals(reader: Reader, argument: Value) -> Value:
    pair = _arguments(argument, 2, 2)
    if pair is None:
        return None
    left, right = reader.value(pair[0]), reader.value(pair[1])
    if (is_text(left) and is_text(right)) or left == right:
        return "true" if left == right else "false"
    return {"Fn::Equals": [left, right]}


def _not(reader: Reader, argument: Value) -> Value:
    single = _arguments(argument, 1, 1)
    inner = reader.value(single[0]) if single else None
    return {"true": "false", "false": "true"}.get(inner) if isinstance(inner, str) else None


def _gate(decisive: str) -> Function:
    """`And` and `Or`: one argument that decides is enough, those that cannot decide fall away."""
    other = {"true": "false", "false": "true"}[decisive]
    name = "Fn::And" if decisive == "false" else "Fn::Or"

    def gate(reader: Reader, argument: Value) -> Value:
        items = _arguments(argument, 1, 99)
        if items is None:
            return None
        values = [reader.value(item) for item in items]
        if decisive in values:
            return decisive
        left = [value for value in values if value != other]
        return {name: left} if left else other

    return gate


def _condition(reader: Reader, argument: Value) -> Value:
    if not isinstance(argument, str):
        return None
    truth = reader.condition(argument)
    return {True: "true", False: "false"}[truth] if isinstance(truth, bool) else truth


FUNCTIONS: Mapping[str, Function] = {
    "Ref": _ref,
    "Condition": _condition,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::And": _gate("false"),
    "Fn::Or": _gate("true"),
}
