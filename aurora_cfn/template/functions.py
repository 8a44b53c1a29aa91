"""The intrinsic functions, each worked out when its arguments are known; None when they are not.

A function whose result is None stays as it is, with its arguments in normal form. So do `Fn::ImportValue`,
`Fn::Transform` and every function that is not in the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from aurora_cfn.model.value import Value
from aurora_cfn.template.conditions import CONDITION_FUNCTIONS
from aurora_cfn.template.forms import NO_VALUE, intrinsic, join, parameter_of
from aurora_cfn.template.lists import LIST_FUNCTIONS
from aurora_cfn.template.reader import Function, Reader, arguments, of_two

DEFAULT: Final = "DefaultValue"


def find_in_map(reader: Reader, argument: Value) -> Value:
    """The value of a mapping; with unknown keys `{"Fn::FindInMap": [values that they may select, *keys]}`.

    The form has only the values that can be selected, so that a change of any other value does not count.
    """
    # The fourth is `{DefaultValue: ...}` of the transform AWS::LanguageExtensions.
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


HOLE: Final = re.compile(r"\$\{([^}]*)\}")
"""A placeholder in the text of Fn::Sub; `${!Name}` stands for the text `${Name}`."""


def _ref(reader: Reader, argument: Value) -> Value:
    name = argument if isinstance(argument, str) else reader.value(argument)
    return reader.ref(name) if isinstance(name, str) else None


def _get_att(reader: Reader, argument: Value) -> Value:
    if isinstance(argument, str):
        return {"Fn::GetAtt": argument}  # A.B and [A, B] have one normal form
    parts = arguments(argument, 1, 9)
    values = [reader.value(part) for part in parts or ()]
    if not values or not all(isinstance(part, str) for part in values):
        return None
    return {"Fn::GetAtt": ".".join(map(str, values))}


def _sub(reader: Reader, argument: Value) -> Value:
    pair = arguments(argument, 1, 2)
    text = pair[0] if pair else argument
    own = pair[1] if pair and len(pair) == 2 and isinstance(pair[1], Mapping) else {}
    if not isinstance(text, str):
        return None
    parts: list[Value] = []
    end = 0
    for hole in HOLE.finditer(text):
        parts += [text[end : hole.start()], _hole(reader, hole[1].strip(), own)]
        end = hole.end()
    return join([*parts, text[end:]])


def _hole(reader: Reader, name: str, own: Mapping[str, Value]) -> Value:
    if name.startswith("!"):
        return "${" + name[1:] + "}"
    # Names of the second argument hide parameters and resources.
    if name in own:
        return _or_empty(reader.value(own[name]))
    return {"Fn::GetAtt": name} if "." in name else _or_empty(reader.ref(name))


def _or_empty(value: Value) -> Value:
    return "" if value is None or value == NO_VALUE else value


@of_two
def _join(_: Reader, delimiter: Value, items: Value) -> Value:
    if not isinstance(delimiter, str) or not isinstance(items, list):
        return None
    parts: list[Value] = []
    for number, item in enumerate(items):
        parts += [delimiter, item] if number else [item]
    return join(parts) if parts else ""


def _if(reader: Reader, argument: Value) -> Value:
    triple = arguments(argument, 3, 3)
    if triple is None or not isinstance(triple[0], str):
        return None
    truth = reader.condition(triple[0])
    if isinstance(truth, bool):
        return _or_nothing(reader.value(triple[1] if truth else triple[2]))
    # Undecided: both branches stay, unless they say the same.
    yes, no = reader.value(triple[1]), reader.value(triple[2])
    if yes == no:
        return _or_nothing(yes)
    # `If Not A` is `If A` with its branches the other way round.
    opposite = truth.get("Fn::Not") if isinstance(truth, Mapping) and len(truth) == 1 else None
    if isinstance(opposite, list) and len(opposite) == 1 and isinstance(opposite[0], Mapping):
        return {"Fn::If": [opposite[0], no, yes]}
    return {"Fn::If": [truth, yes, no]}


def _or_nothing(value: Value) -> Value:
    return NO_VALUE if value is None else value


FUNCTIONS: Final[Mapping[str, Function]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::If": _if,
    "Fn::FindInMap": find_in_map,
    **CONDITION_FUNCTIONS,
    **LIST_FUNCTIONS,
}
