"""The boxes of a template's diagram: alike resources share one, so that a network stays readable."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from aurora_cfn.model.value import Value

Resources: TypeAlias = Mapping[str, Mapping[str, Any]]
MANY: Final = 2
"""More than so many resources of one type that stand in the same place become one box."""
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}")


@dataclass(frozen=True, slots=True)
class Node:
    """One box: `members` are logical ids, `always` is whether all of them are made whatever the parameters."""

    id: str
    title: str
    type: str
    members: tuple[str, ...]
    always: bool


def nodes(resources: Resources) -> list[Node]:
    """Boxes in the order of the template; names that differ by a number share one, and so do look-alikes."""
    families: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, entry in resources.items():
        families[_stem(name), entry["Type"]].append(name)
    groups = [list(names) for names in _gathered(list(families.values()), resources)]
    place = {name: index for index, name in enumerate(resources)}
    return sorted((_node(names, resources) for names in groups), key=lambda node: place[node.members[0]])


def targets(entry: Mapping[str, Any], resources: Resources) -> list[str]:
    """Other resources that a resource refers to or waits for, each once."""
    waits = entry.get("DependsOn", ())
    found = [*references(entry.get("Properties")), *([waits] if isinstance(waits, str) else waits)]
    return [name for name in dict.fromkeys(found) if name in resources and resources[name] is not entry]


def references(value: Value) -> Iterator[str]:
    """Names under Ref, Fn::GetAtt and Fn::Sub, however deep."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _reference(key, inner)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from references(item)


def _reference(key: str, inner: Value) -> Iterator[str]:
    first = inner[0] if isinstance(inner, list | tuple) and inner else inner
    if key in ("Ref", "Fn::GetAtt"):
        yield str(first)
        return
    if key == "Fn::Sub":
        yield from _PLACEHOLDER.findall(str(first))
    yield from references(inner)


def _gathered(families: list[list[str]], resources: Resources) -> Iterable[list[str]]:
    """Families to which nobody refers, many of one type with the same targets, as one family."""
    pointed = {name for entry in resources.values() for name in targets(entry, resources)}
    places: dict[tuple[str, bool, frozenset[str]], list[list[str]]] = defaultdict(list)
    for names in families:
        entry = resources[names[0]]
        stems = frozenset(_stem(name) for name in targets(entry, resources))
        own = frozenset(names) if pointed & set(names) else frozenset()
        places[entry["Type"], "Condition" in entry, stems | own].append(names)
    for found in places.values():
        yield from [[name for names in found for name in names]] if len(found) > MANY else found


def _node(names: list[str], resources: Resources) -> Node:
    kind = resources[names[0]]["Type"]
    stems = {_stem(name) for name in names}
    shared = stems.pop() if len(stems) == 1 else kind.rpartition("::")[2]
    title = names[0] if len(names) == 1 else f"{len(names)} x {shared}"
    return Node(names[0], title, kind, tuple(names), all("Condition" not in resources[name] for name in names))


def _stem(name: str) -> str:
    return re.sub(r"[0-9]+", "", name)
