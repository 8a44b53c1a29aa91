"""The dependency graph of an environment's stacks.

A graph maps the key of each stack to the keys that it depends on. Keys that are not in the graph are ignored, so that a
selection of stacks can be ordered like a whole environment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from aurora_cfn.model.environment import EnvironmentStack

Needs: TypeAlias = Mapping[str, frozenset[str]]


def needs(stacks: Iterable[EnvironmentStack]) -> dict[str, frozenset[str]]:
    """The graph of these stacks, in the order of the file."""
    chosen = {stack.key: stack.depends_on() for stack in stacks}
    return {key: frozenset(wanted & chosen.keys()) for key, wanted in chosen.items()}


def ready(graph: Needs, done: Collection[str], begun: Collection[str] = ()) -> tuple[str, ...]:
    """Keys that can start now: their dependencies are done, and they are neither done nor begun."""
    waiting = (key for key in graph if key not in done and key not in begun)
    return tuple(key for key in waiting if all(need in done for need in graph[key] if need in graph))


def dependencies(graph: Needs, keys: Iterable[str]) -> tuple[str, ...]:
    """The keys with all their dependencies, direct or not, in the order of `graph`."""
    return _reached(graph, keys)


def dependents(graph: Needs, keys: Iterable[str]) -> tuple[str, ...]:
    """The keys with all that depend on them, directly or not, in the order of `graph`."""
    return _reached(reversed_graph(graph), keys)


def reversed_graph(graph: Needs) -> dict[str, frozenset[str]]:
    """The graph with reversed edges: the order in which stacks are destroyed."""
    found: dict[str, set[str]] = {key: set() for key in graph}
    for other, wanted in graph.items():
        for key in wanted & graph.keys():
            found[key].add(other)
    return {key: frozenset(others) for key, others in found.items()}


def cycles(graph: Needs) -> tuple[tuple[str, ...], ...]:
    """A shortest cycle of each group of keys that depend on one another; its first and last key are the same."""
    blocked = _blocked(graph)
    seen: set[str] = set()
    found = []
    for key in graph:
        if key in blocked and key not in seen and (cycle := _shortest_cycle(graph, key)):
            found.append(cycle)
            seen.update(set(dependencies(graph, [key])) & set(dependents(graph, [key])))
    return tuple(found)


def _blocked(graph: Needs) -> set[str]:
    """Keys that can never start, since they are in a cycle or depend on one."""
    done: set[str] = set()
    while level := ready(graph, done):
        done.update(level)
    return set(graph) - done


def _shortest_cycle(graph: Needs, start: str) -> tuple[str, ...] | None:
    """A shortest path from a key to itself (breadth first), None if it only depends on a cycle of others."""
    paths: list[tuple[str, ...]] = [(start,)]
    met: set[str] = set()
    while paths:
        longer: list[tuple[str, ...]] = []
        for path in paths:
            # In the order of the file, as sets have none: every run must report the same cycle.
            for need in (other for other in graph if other in graph[path[-1]]):
                if need == start:
                    return (*path, start)
                if need not in met:
                    met.add(need)
                    longer.append((*path, need))
        paths = longer
    return None


def _reached(graph: Needs, keys: Iterable[str]) -> tuple[str, ...]:
    met: set[str] = set()
    left = list(keys)
    while left:
        key = left.pop()
        if key not in met:
            met.add(key)
            left.extend(graph.get(key, ()))
    return tuple(key for key in graph if key in met)
