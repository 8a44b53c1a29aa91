"""`Fn::FindInMap`: the value itself, or all values that an unknown key may select."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aurora_cfn.model.value import Value
from aurora_cfn.template.forms import intrinsic, parameter_of
from aurora_cfn.template.reader import Reader, arguments

DEFAULT: Final = "DefaultValue"


def find_in_map(reader: Reader, argument: Value) -> Value:
    """The value of a mapping; with unknown keys `{"Fn::FindInMap": [values that they may select, *keys]}`.

    The form has only the values that can be selected, so that a change of any other value does not count.
    """
    given = arguments(argument, 3, 4)
    if given is None:
        return None
    if isinstance(given[0], Mapping) and intrinsic(given[0]) is None:
        return None  # in normal form already
    name, first, second = (reader.value(part) for part in given[:3])
    default = given[3].get(DEFAULT) if len(given) == 4 and isinstance(given[3], Mapping) else None
    if not isinstance(name, str):
        return {"Fn::FindInMap": [{}, name, first, second, *map(reader.value, given[3:])]}
    reached = _reached(reader, name, first, second)
    if default is not None:
        reached[DEFAULT] = reader.value(default)
    if isinstance(first, str) and isinstance(second, str):
        return next(iter(reached.values())) if reached else {"Fn::FindInMap": [{}, name, first, second]}
    values = list(reached.values())
    if values and all(value == values[0] for value in values):
        return values[0]
    return {"Fn::FindInMap": [reached, name, first, second]}


def _reached(reader: Reader, name: str, first: Value, second: Value) -> dict[str, Value]:
    """Value by key; by `first/second` where neither is known."""
    rows = {key: row for key, row in reader.mapping(name).items() if isinstance(row, Mapping)}
    found: dict[str, Value] = {}
    for outer in _keys(reader, first, rows):
        row = rows.get(outer)
        inner = _keys(reader, second, row) if isinstance(row, Mapping) else ()
        for key in inner:
            if isinstance(row, Mapping) and key in row:
                spot = key if isinstance(first, str) else outer if isinstance(second, str) else f"{outer}/{key}"
                found[spot] = reader.value(row[key])
    return found


def _keys(reader: Reader, key: Value, rows: Mapping[str, Value]) -> tuple[str, ...]:
    """The rows that a key may select: its own, those of the allowed values of its parameter, or all."""
    if isinstance(key, str):
        return (key,)
    allowed = reader.allowed_values(parameter_of(key))
    return tuple(one for one in allowed if one in rows) if allowed else tuple(rows)
