"""A template with other logical ids: the resources themselves, and everything that refers to them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aurora_cfn.model.value import Value
from aurora_cfn.template.functions import HOLE


def with_names(template: Mapping[str, Value], names: Mapping[str, str]) -> dict[str, Value]:
    """The template in which each resource `old` of `names` is called `new`; order and everything else stay."""
    found = {key: referring(value, names) for key, value in template.items()}
    resources = found.get("Resources")
    if isinstance(resources, Mapping):
        found["Resources"] = {names.get(name, name): _depending(row, names) for name, row in resources.items()}
    return found


def referring(value: Value, names: Mapping[str, str]) -> Value:
    """The value in which Ref, Fn::GetAtt and Fn::Sub name the new logical ids."""
    if isinstance(value, list):
        return [referring(item, names) for item in value]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        ((function, argument),) = value.items()
        if function == "Ref" and isinstance(argument, str):
            return {function: names.get(argument, argument)}
        if function == "Fn::GetAtt":
            return {function: _attribute(argument, names)}
        if function == "Fn::Sub":
            return {function: _substituted(argument, names)}
    return {key: referring(item, names) for key, item in value.items()}


def _attribute(argument: Value, names: Mapping[str, str]) -> Value:
    if isinstance(argument, str):
        name, dot, rest = argument.partition(".")
        return f"{names.get(name, name)}{dot}{rest}"
    if isinstance(argument, list) and argument and isinstance(argument[0], str):
        return [names.get(argument[0], argument[0]), *(referring(item, names) for item in argument[1:])]
    return argument


def _substituted(argument: Value, names: Mapping[str, str]) -> Value:
    if isinstance(argument, str):
        return _text(argument, names, frozenset())
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str):
        own = argument[1] if isinstance(argument[1], Mapping) else {}
        return [_text(argument[0], names, frozenset(own)), referring(argument[1], names)]
    return argument


def _text(text: str, names: Mapping[str, str], own: frozenset[str]) -> str:
    """The text of Fn::Sub; a variable of its own hides the resource of that name, and `${!Name}` is no variable."""

    def hole(match: re.Match[str]) -> str:
        name, dot, rest = match[1].strip().partition(".")
        if name not in names or match[1].strip() in own:
            return match[0]
        return "${" + names[name] + dot + rest + "}"

    return HOLE.sub(hole, text)


def _depending(row: Value, names: Mapping[str, str]) -> Value:
    if not isinstance(row, Mapping) or "DependsOn" not in row:
        return row
    given = row["DependsOn"]
    if isinstance(given, list):
        return {**row, "DependsOn": [names.get(one, one) if isinstance(one, str) else one for one in given]}
    return {**row, "DependsOn": names.get(given, given) if isinstance(given, str) else given}
