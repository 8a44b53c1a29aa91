"""The intrinsic functions of CloudFormation, computed as far as their arguments are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol

from aurora_cfn.lint.found import ABSENT, PERHAPS, UNKNOWN, Found, Partial, Reference, Unknown, scalar_text
from aurora_cfn.model.value import Path

_PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^}]*)\}")


class Surroundings(Protocol):
    """What an intrinsic may ask for."""

    def resolve(self, node: Any, path: Path) -> Found:
        """The value of another node."""

    def condition(self, name: object) -> bool | None:
        """Whether a condition holds."""

    def parameter(self, name: str) -> Any:
        """The value of a parameter."""

    def has_resource(self, name: str) -> bool:
        """Whether a resource is declared."""

    def mapped(self, name: str, first: str, second: str) -> Any:
        """A value of the Mappings."""


def is_intrinsic(node: Any) -> bool:
    """Whether a node is a function call rather than a plain mapping."""
    if not isinstance(node, Mapping) or len(node) != 1:
        return False
    (key,) = node
    return key in {"Ref", "Condition"} or str(key).startswith("Fn::")


def evaluate(node: Any, path: Path, world: Surroundings) -> Found:
    """The node itself, or what its function gives; Fn::If leads to the path of the chosen branch."""
    if not is_intrinsic(node):
        return Found(node, path)
    (name,) = node
    argument, inner = node[name], (*path, name)
    if name == "Fn::If":
        return _if(argument, inner, world)
    function = _FUNCTIONS.get(name)
    return Found(UNKNOWN if function is None else function(argument, inner, world), path)


def placeholders(text: str) -> Iterator[str]:
    """Names in `${…}`, without the escaped `${!…}`."""
    for match in _PLACEHOLDER.finditer(text):
        if not match[1]:
            yield match[2].strip()


def _if(argument: Any, path: Path, world: Surroundings) -> Found:
    if not isinstance(argument, list) or len(argument) != 3:
        return Found(UNKNOWN, path)
    holds = world.condition(argument[0])
    if holds is None:
        branches = [world.resolve(argument[number], (*path, number)) for number in (1, 2)]
        return Found(UNKNOWN if all(branch.given for branch in branches) else PERHAPS, path)
    branch = 1 if holds else 2
    return world.resolve(argument[branch], (*path, branch))


def _ref(argument: Any, _path: Path, world: Surroundings) -> Any:
    return _named(argument, world) if isinstance(argument, str) else UNKNOWN


def _named(name: str, world: Surroundings) -> Any:
    """What `${name}` or `Ref: name` stands for."""
    if name == "AWS::NoValue":
        return ABSENT
    value = world.parameter(name)
    if value is not ABSENT:
        return value
    if world.has_resource(name):
        return Reference(name)
    owner, dot, attribute = name.partition(".")
    return Reference(owner, attribute) if dot and world.has_resource(owner) else UNKNOWN


def _get_att(argument: Any, _path: Path, world: Surroundings) -> Any:
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(parts, list) or len(parts) < 2 or not all(isinstance(part, str) for part in parts):
        return UNKNOWN
    return Reference(parts[0], ".".join(parts[1:])) if world.has_resource(parts[0]) else UNKNOWN


def _sub(argument: Any, path: Path, world: Surroundings) -> Any:
    text, local = argument, {}
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], Mapping):
        text, local = argument
    if not isinstance(text, str):
        return UNKNOWN
    pieces: list[Any] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        pieces.append(text[end : match.start()])
        name = match[2].strip()
        if match[1]:
            pieces.append(f"${{{match[2]}}}")
        elif name in local:
            pieces.append(world.resolve(local[name], (*path, 1, name)).value)
        else:
            pieces.append(_named(name, world))
        end = match.end()
    return _joined([*pieces, text[end:]])


def _join(argument: Any, path: Path, world: Surroundings) -> Any:
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
        return UNKNOWN
    parts = world.resolve(argument[1], (*path, 1)).value
    if not isinstance(parts, list):
        return UNKNOWN
    values = [world.resolve(part, (*path, 1, number)).value for number, part in enumerate(parts)]
    pieces: list[Any] = []
    for value in values:
        pieces += [argument[0], value] if pieces else [value]
    return _joined(pieces)


def _joined(pieces: list[Any]) -> Any:
    """One text when all pieces are known, a lone reference as itself, otherwise the pieces."""
    flat: list[str | Reference | Unknown] = []
    for piece in pieces:
        rows = piece.pieces if isinstance(piece, Partial) else (piece,)
        for row in rows:
            text = scalar_text(row)
            value = text if text is not None else row if isinstance(row, Reference) else UNKNOWN
            if isinstance(value, str) and flat and isinstance(flat[-1], str):
                flat[-1] += value
            elif value != "":
                flat.append(value)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else Partial(tuple(flat))


def _select(argument: Any, path: Path, world: Surroundings) -> Any:
    if not isinstance(argument, list) or len(argument) != 2:
        return UNKNOWN
    position = scalar_text(world.resolve(argument[0], (*path, 0)).value)
    rows = world.resolve(argument[1], (*path, 1)).value
    if position is None or not position.isdigit() or not isinstance(rows, list) or int(position) >= len(rows):
        return UNKNOWN
    return world.resolve(rows[int(position)], (*path, 1, int(position))).value


def _split(argument: Any, path: Path, world: Surroundings) -> Any:
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str) or not argument[0]:
        return UNKNOWN
    text = scalar_text(world.resolve(argument[1], (*path, 1)).value)
    return UNKNOWN if text is None else text.split(argument[0])


def _find_in_map(argument: Any, path: Path, world: Surroundings) -> Any:
    if not isinstance(argument, list) or len(argument) != 3:
        return UNKNOWN
    keys = [scalar_text(world.resolve(part, (*path, number)).value) for number, part in enumerate(argument)]
    if None in keys:
        return UNKNOWN
    return world.mapped(*(str(key) for key in keys))


_FUNCTIONS: Final[Mapping[str, Callable[[Any, Path, Surroundings], Any]]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::FindInMap": _find_in_map,
}
