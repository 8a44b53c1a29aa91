"""The graph of an environment: which stack waits for which, as pure functions over `needs`.

`needs` maps every key to the keys that it waits for; keys outside of the mapping are passed over, so that a selection
of stacks can be ordered like a whole environment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from aurora_cfn.model.environment import EnvironmentStack

Needs: TypeAlias = Mapping[str, frozenset[str]]


def needs(stacks: Iterable[EnvironmentStack]) -> dict[str, frozenset[str]]:
    """What each stack waits for, among these stacks, in the order of the file."""
    chosen = {stack.key: stack.depends_on() for stack in stacks}
    return {key: frozenset(wanted & chosen.keys()) for key, wanted in chosen.items()}


def ready(graph: Needs, done: Collection[str], begun: Collection[str] = ()) -> tuple[str, ...]:
    """Keys that may start now: all that they wait for is done, and they are neither done nor begun themselves."""
    waiting = (key for key in graph if key not in done and key not in begun)
    return tuple(key for key in waiting if all(need in done for need in graph[key] if need in graph))


def dependencies(graph: Needs, keys: Iterable[str]) -> tuple[str, ...]:
    """The keys and everything that they wait for, however far, in the order of `graph`."""
    return _reached(graph, keys)


def dependents(graph: Needs, keys: Iterable[str]) -> tuple[str, ...]:
    """The keys and everything that waits for them, however far, in the order of `graph`."""
    return _reached(turned(graph), keys)


def turned(graph: Needs) -> dict[str, frozenset[str]]:
    """The graph with every edge the other way round: the order in which stacks are destroyed."""
    return {key: frozenset(other for other, wanted in graph.items() if key in wanted) for key in graph}


def cycles(graph: Needs) -> tuple[tuple[str, ...], ...]:
    """One shortest way round for every knot of keys that wait for one another, each starting and ending alike."""
    knotted = _knotted(graph)
    seen: set[str] = set()
    found = []
    for key in graph:
        if key in knotted and key not in seen and (way := _way_back(graph, key)):
            found.append(way)
            seen.update(set(dependencies(graph, [key])) & set(dependents(graph, [key])))
    return tuple(found)


def _knotted(graph: Needs) -> set[str]:
    """Keys that are left when everything that can be deployed is."""
    done: set[str] = set()
    while level := ready(graph, done):
        done.update(level)
    return set(graph) - done


def _way_back(graph: Needs, start: str) -> tuple[str, ...] | None:
    """A shortest way from a key to itself, None when it only waits for a cycle of others."""
    ways: list[tuple[str, ...]] = [(start,)]
    met: set[str] = set()
    while ways:
        longer: list[tuple[str, ...]] = []
        for way in ways:
            for need in _sorted(graph, way[-1]):
                if need == start:
                    return (*way, start)
                if need not in met:
                    met.add(need)
                    longer.append((*way, need))
        ways = longer
    return None


def _sorted(graph: Needs, key: str) -> Iterator[str]:
    return (other for other in graph if other in graph[key])


def _reached(graph: Needs, keys: Iterable[str]) -> tuple[str, ...]:
    met: set[str] = set()
    left = list(keys)
    while left:
        key = left.pop()
        if key not in met:
            met.add(key)
            left.extend(graph.get(key, ()))
    return tuple(key for key in graph if key in met)
