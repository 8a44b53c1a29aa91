"""Who mentions what: references in a world, and the parameters behind a node as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from aurora_cfn.lint.found import Partial, Reference
from aurora_cfn.lint.intrinsics import is_intrinsic
from aurora_cfn.lint.world import World, references, section
from aurora_cfn.model.value import Path

_KNOWN_TRANSFORMS: Final = ("AWS::LanguageExtensions", "AWS::Serverless", "AWS::SecretsManager", "AWS::CodeDeploy")


def mentions(world: World) -> Iterator[tuple[Reference, Path]]:
    """Every reference to a resource in resources and outputs of this world, in branches that are taken."""
    for name in section(world.template, "Resources"):
        row = world.resource(name)
        if row is not None:
            yield from _below(world, row.body.get("Properties"), (*row.path, "Properties"))
    for name, body in section(world.template, "Outputs").items():
        if isinstance(body, Mapping) and ("Condition" not in body or world.condition(body["Condition"])):
            yield from _below(world, body.get("Value"), ("Outputs", name, "Value"))


def _below(world: World, node: Any, path: Path) -> Iterator[tuple[Reference, Path]]:
    found = world.resolve(node, path)
    if isinstance(found.value, Reference):
        yield found.value, found.path
    elif isinstance(found.value, Partial):
        yield from ((piece, found.path) for piece in found.value.pieces if isinstance(piece, Reference))
    elif isinstance(found.value, Mapping) and not is_intrinsic(found.value):
        for key, value in found.value.items():
            yield from _below(world, value, (*found.path, key))
    elif isinstance(found.value, list):
        for number, value in enumerate(found.value):
            yield from _below(world, value, (*found.path, number))


def written_parameter(world: World, path: Path) -> str:
    """The parameter that a lone `Ref` at the path names, empty when something else is written there."""
    node: Any = world.template
    for key in path:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return ""
    name = node.get("Ref") if isinstance(node, Mapping) else None
    return name if isinstance(name, str) and name in section(world.template, "Parameters") else ""


def is_secret(world: World, parameter: str) -> bool:
    """Whether a parameter has NoEcho."""
    row = section(world.template, "Parameters").get(parameter)
    return isinstance(row, Mapping) and str(row.get("NoEcho", "")).lower() == "true"


def deciding_parameters(world: World, node: Any) -> frozenset[str]:
    """Parameters that a written node depends on, through conditions too."""
    parameters = section(world.template, "Parameters")
    found: set[str] = set()
    conditions: set[str] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        found.update(name for name in references(current) if name in parameters)
        for name in _conditions(current):
            if name not in conditions:
                conditions.add(name)
                waiting.append(section(world.template, "Conditions").get(name))
    return frozenset(found)


def _conditions(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for row in node:
            yield from _conditions(row)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            if key == "Condition" and isinstance(value, str):
                yield value
            elif key == "Fn::If" and isinstance(value, list) and value and isinstance(value[0], str):
                yield value[0]
            yield from _conditions(value)


def has_macro(world: World) -> bool:
    """Whether a transform that is not AWS's own may add or change anything."""
    named = world.template.get("Transform", ())
    rows = [named] if isinstance(named, str | Mapping) else named if isinstance(named, list) else []
    return any(not str(row).startswith(_KNOWN_TRANSFORMS) for row in rows)
