"""Values of a template's text replaced in place: every other character, and every line, stays where it is."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aurora_cfn.model.value import Path, Value
from aurora_cfn.yamltext.resolve import resolved
from aurora_cfn.yamltext.short_forms import SHORT, long_name
from aurora_cfn.yamltext.source_tree import Node, source_tree


def with_values(text: str, path: str, values: Mapping[Path, Value]) -> str:
    """The text of the template in the file `path` with these values, each on one line; its aliases are written out.

    Raises KeyError for a place that the template does not have, and InputError as `resolved`.
    """
    text, _ = resolved(text, path)
    root = source_tree(text)
    found = [(_at(root, place), value) for place, value in values.items()]
    for node, value in sorted(found, key=lambda row: -row[0].start):
        # JSON is YAML too, and the file may be either.
        text = text[: node.start] + json.dumps(value, ensure_ascii=False) + text[node.end :]
    return text


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
