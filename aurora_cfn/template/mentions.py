"""Which names a value mentions as it is written, in any branch and without being evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aurora_cfn.template.functions import HOLE


def mentioned(node: Any) -> Iterator[str]:
    """Every name that Ref, Fn::GetAtt and Fn::Sub mention below a node: parameters, pseudo parameters, resources."""
    for name, _ in attributes(node):
        yield name


def attributes(node: Any) -> Iterator[tuple[str, str]]:
    """The same names, each with the attribute that Fn::GetAtt or Fn::Sub reads, empty for none."""
    if isinstance(node, Mapping):
        for key, item in node.items():
            for name in _named(key, item):
                first, _, attribute = name.partition(".")
                yield first, attribute
            yield from attributes(item)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from attributes(item)


def lone_ref(node: Any) -> str:
    """The name that a `Ref` gives which is the whole node, empty where something else is written."""
    name = node.get("Ref") if isinstance(node, Mapping) and len(node) == 1 else None
    return name if isinstance(name, str) else ""


def arguments(node: Any, function: str) -> Iterator[Any]:
    """What stands below that function, for each place below the node where it is called."""
    if isinstance(node, Mapping):
        for key, item in node.items():
            if key == function:
                yield item
            yield from arguments(item, function)
    elif isinstance(node, list | tuple):
        for item in node:
            yield from arguments(item, function)


def behind(node: Any, conditions: Mapping[str, Any]) -> frozenset[str]:
    """Every parameter, mapping and resource that a node depends on, through conditions too."""
    found: set[str] = set()
    opened: set[str] = set()
    waiting = [node]
    # A loop with a list of what was seen, since conditions may name each other in a circle.
    while waiting:
        current = waiting.pop()
        found.update(mentioned(current), _mappings(current))
        for name in _conditions(current):
            if name not in opened:
                opened.add(name)
                waiting.append(conditions.get(name))
    return frozenset(found)


def _named(key: object, item: Any) -> Iterator[str]:
    if key == "Ref" and isinstance(item, str):
        yield item
    elif key == "Fn::GetAtt":
        yield ".".join(map(str, item)) if isinstance(item, list) and item else str(item)
    elif key == "Fn::Sub":
        text, *own = item if isinstance(item, list) and item else (item,)
        # A variable of the function's own map is no name of the template.
        known = own[0] if own and isinstance(own[0], Mapping) else {}
        names = (hole[1].strip() for hole in HOLE.finditer(text)) if isinstance(text, str) else ()
        yield from (name for name in names if not name.startswith("!") and name not in known)


def _mappings(node: Any) -> Iterator[str]:
    calls = arguments(node, "Fn::FindInMap")
    yield from (item[0] for item in calls if isinstance(item, list) and item and isinstance(item[0], str))


def _conditions(node: Any) -> Iterator[str]:
    if isinstance(node, list | tuple):
        for item in node:
            yield from _conditions(item)
    elif isinstance(node, Mapping):
        for key, item in node.items():
            if key == "Condition" and isinstance(item, str):
                yield item
            elif key == "Fn::If" and isinstance(item, list) and item and isinstance(item[0], str):
                yield item[0]
            yield from _conditions(item)
