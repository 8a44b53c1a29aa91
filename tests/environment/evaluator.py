"""Just enough of JSON Schema to judge our own: every keyword that we write, and an error for any other.

Written from the specification (draft 2020-12, Core and Validation), not from the loader: the two check each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

PASSIVE = {"$schema", "title", "description", "default", "$defs"}


def accepts(schema: Any, value: Any) -> bool:
    return not errors(schema, value)


def errors(schema: Any, value: Any) -> list[str]:
    return list(_errors(schema, value, schema, "$"))


def _errors(schema: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    for keyword in schema:
        if keyword in PASSIVE or keyword in {"then", "additionalProperties"}:
            continue
        yield from RULES[keyword](schema, value, root, place)
    if "additionalProperties" in schema and isinstance(value, dict):
        yield from _additional(schema, value, root, place)


def _type(schema: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(TYPES[name](value) for name in wanted):
        yield f"{place}: {value!r} is not {wanted}"


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": _number,
    "integer": lambda value: _number(value) and float(value).is_integer(),
}


def _same(left: Any, right: Any) -> bool:
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def _bound(holds: Callable[[Any, Any], bool], keyword: str, of: Callable[[Any], bool]) -> Callable[..., Iterator[str]]:
    def rule(schema: Any, value: Any, root: Any, place: str) -> Iterator[str]:
        if of(value) and not holds(value, schema[keyword]):
            yield f"{place}: {value!r} breaks {keyword} {schema[keyword]!r}"

    return rule


def _properties(schema: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    for name, inner in schema["properties"].items():
        if isinstance(value, dict) and name in value:
            yield from _errors(inner, value[name], root, f"{place}.{name}")


def _additional(schema: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    for name in value.keys() - schema.get("properties", {}).keys():
        if schema["additionalProperties"] is False:
            yield f"{place}: {name} is unknown"
        else:
            yield from _errors(schema["additionalProperties"], value[name], root, f"{place}.{name}")


def _names(schema: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    for name in value if isinstance(value, dict) else ():
        yield from _errors(schema["propertyNames"], name, root, f"{place} (name)")


def _items(schema: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    for number, item in enumerate(value if isinstance(value, list) else ()):
        yield from _errors(schema["items"], item, root, f"{place}[{number}]")


def _any_of(schema: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    found = [list(_errors(option, value, root, place)) for option in schema["anyOf"]]
    if all(found):
        yield f"{place}: none of {found}"


def _all_of(schema: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    for option in schema["allOf"]:
        yield from _errors(option, value, root, place)


def _if(schema: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    if not list(_errors(schema["if"], value, root, place)):
        yield from _errors(schema["then"], value, root, place)


def _ref(schema: Any, value: Any, root: Any, place: str) -> Iterator[str]:
    target = root
    for part in schema["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    yield from _errors(target, value, root, place)


def _multiple(value: Any, step: Any) -> bool:
    return (Fraction(value) / Fraction(step)).denominator == 1


def _sized(value: Any) -> bool:
    return isinstance(value, dict)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _list(value: Any) -> bool:
    return isinstance(value, list)


def _always(value: Any) -> bool:
    return True


RULES: dict[str, Callable[..., Iterator[str]]] = {
    "type": _type,
    "enum": _bound(lambda value, words: any(_same(value, word) for word in words), "enum", _always),
    "const": _bound(_same, "const", _always),
    "pattern": _bound(lambda value, pattern: bool(re.search(_ecma(pattern), value, re.ASCII)), "pattern", _text),
    "minLength": _bound(lambda value, least: len(value) >= least, "minLength", _text),
    "maxLength": _bound(lambda value, most: len(value) <= most, "maxLength", _text),
    "minItems": _bound(lambda value, least: len(value) >= least, "minItems", _list),
    "maxItems": _bound(lambda value, most: len(value) <= most, "maxItems", _list),
    "minProperties": _bound(lambda value, least: len(value) >= least, "minProperties", _sized),
    "maxProperties": _bound(lambda value, most: len(value) <= most, "maxProperties", _sized),
    "required": _bound(lambda value, names: set(names) <= value.keys(), "required", _sized),
    "minimum": _bound(lambda value, least: value >= least, "minimum", _number),
    "maximum": _bound(lambda value, most: value <= most, "maximum", _number),
    "multipleOf": _bound(_multiple, "multipleOf", _number),
    "properties": _properties,
    "propertyNames": _names,
    "items": _items,
    "anyOf": _any_of,
    "allOf": _all_of,
    "if": _if,
    "$ref": _ref,
}


def _ecma(pattern: str) -> str:
    """The pattern as JSON Schema means it: `$` is the very end, where Python's also stands before a last line feed."""
    return re.sub(r"(?<!\\)\$", r"\\Z", pattern)
