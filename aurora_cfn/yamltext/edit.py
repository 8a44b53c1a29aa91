"""Values of a text replaced or added in place: every other character, and every line, stays where it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aurora_cfn.model.value import Path, Value
from aurora_cfn.yamltext.resolve import resolved
from aurora_cfn.yamltext.scalars import SHORT, long_name
from aurora_cfn.yamltext.source_tree import Node, source_tree


def with_values(text: str, path: str, values: Mapping[Path, Value]) -> str:
    """The text of the template in the file `path` with these values, each on one line; its aliases are written out.

    Raises KeyError for a path that the template does not have, and InputError as `resolved` does.
    """
    text, _ = resolved(text, path)
    root = source_tree(text)
    found = [(_at(root, place), value) for place, value in values.items()]
    for node, value in sorted(found, key=lambda row: -row[0].start):
        # JSON is YAML too, and the file may be either.
        text = text[: node.start] + json.dumps(value, ensure_ascii=False) + text[node.end :]
    return text


def with_setting(text: str, place: Path, value: Value) -> str:
    """The YAML text with the value at the place; keys that are missing are added at the end of the mapping above them.

    Raises KeyError where that would change more than the place: below an alias or an anchor, in a list, or in what is
    no mapping.
    """
    root = source_tree(text)
    if root is None or not place:
        raise KeyError(place)
    node, rest = root, list(place)
    while rest:
        if node.kind != "mapping" or node.anchor:
            raise KeyError(place)
        below = next((item for name, item in node.pairs() if name.value == str(rest[0])), None)
        if below is None:
            return _added(text, node, rest, value)
        node = below
        rest.pop(0)
    if node.anchor or node.kind in {"mapping", "list"}:
        raise KeyError(place)
    if node.start == node.end:  # `key:` without a value
        return f"{text[: node.start]} {_scalar(value)}{text[node.end :]}"
    return text[: node.start] + _scalar(value) + text[node.end :]


def _added(text: str, node: Node, keys: list[Any], value: Value) -> str:
    if node.flow:
        inner = _scalar(value)
        for key in reversed(keys[1:]):
            inner = f"{{{key}: {inner}}}"
        comma = ", " if node.children else ""
        return f"{text[: node.end - 1].rstrip()}{comma}{keys[0]}: {inner}{text[node.end - 1 :]}"
    # After the whole last line of the mapping, so that a comment behind its value stays there.
    end = text.find("\n", node.children[-1].end)
    before, after = (text, "") if end < 0 else (text[:end], text[end:])
    lines = [f"{' ' * (node.column + 2 * depth)}{key}:" for depth, key in enumerate(keys)]
    return f"{before}\n" + "\n".join(lines) + f" {_scalar(value)}" + (after or "\n")


def _scalar(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _at(node: Node | None, path: Path) -> Node:
    rest = list(path)
    while node is not None and rest:
        short = SHORT.match(node.tag)
        if short and rest[0] == long_name(short[1]):
            rest.pop(0)
            if not rest:
                break
        key = rest.pop(0)
        if node.kind == "list":
            node = node.children[int(key)]
        else:
            node = next((value for name, value in node.pairs() if name.value == str(key)), None)
    if node is None:
        raise KeyError(path)
    return node
