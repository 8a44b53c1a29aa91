"""The order of deployment, as laws over any graph."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.environment.graph import cycles, dependencies, dependents, needs, ready, reversed_graph
from tests.environment.toys import GOOD, loaded

Graph = dict[str, frozenset[str]]
DIAMOND: Graph = {
    "d": frozenset({"b", "c"}),
    "b": frozenset({"a"}),
    "c": frozenset({"a"}),
    "a": frozenset(),
    "x": frozenset(),
}


@st.composite
def graphs(draw: st.DrawFn, *, acyclic: bool = True) -> Graph:
    names = [f"s{number}" for number in range(draw(st.integers(1, 8)))]
    graph: Graph = {}
    for number, name in enumerate(names):
        others = names[:number] if acyclic else names
        graph[name] = draw(st.frozensets(st.sampled_from(others))) if others else frozenset()
    order = draw(st.permutations(names))
    return {name: graph[name] for name in order}


def levels(graph: Graph) -> tuple[tuple[str, ...], ...]:
    """What is ready at once, set after set; keys that wait for one another are in none."""
    found: list[tuple[str, ...]] = []
    done: set[str] = set()
    while level := ready(graph, done):
        found.append(level)
        done.update(level)
    return tuple(found)


def test_levels_of_a_diamond() -> None:
    assert levels(DIAMOND) == (("a", "x"), ("b", "c"), ("d",))
    assert levels(reversed_graph(DIAMOND)) == (("d", "x"), ("b", "c"), ("a",))


def test_what_a_selection_brings_with_it() -> None:
    assert dependencies(DIAMOND, ["b"]) == ("b", "a")
    assert dependents(DIAMOND, ["b"]) == ("d", "b")
    assert dependencies(DIAMOND, []) == ()


def test_ready_leaves_out_what_has_begun() -> None:
    assert ready(DIAMOND, {"a"}, {"b"}) == ("c", "x")


def test_needs_come_from_references_and_may_be_narrowed() -> None:
    stacks = loaded(GOOD).stacks
    assert needs(stacks) == {"network": frozenset(), "db": frozenset({"network"})}
    assert needs(stacks[1:]) == {"db": frozenset()}


def test_cycles_are_shown_as_the_shortest_cycle() -> None:
    graph: Graph = {
        "a": frozenset({"b"}), "b": frozenset({"c", "a"}), "c": frozenset({"a"}),
        "self": frozenset({"self"}), "behind": frozenset({"a"}),
    }  # fmt: skip
    assert cycles(graph) == (("a", "b", "a"), ("self", "self"))
    assert levels(graph) == ()


@given(graphs())
def test_no_one_comes_before_what_it_waits_for(graph: Graph) -> None:
    found = levels(graph)
    position = {key: number for number, level in enumerate(found) for key in level}
    assert sorted(position) == sorted(graph)
    assert all(position[need] < position[key] for key, wanted in graph.items() for need in wanted)
    assert cycles(graph) == ()


@given(graphs(acyclic=False))
def test_there_is_an_order_or_a_cycle_that_exists(graph: Graph) -> None:
    found = cycles(graph)
    for way in found:
        assert way[0] == way[-1]
        assert all(after in graph[before] for before, after in pairwise(way))
    assert (sum(map(len, levels(graph))) == len(graph)) == (not found)


@given(graphs(acyclic=False), st.data())
def test_dependents_are_the_other_side_of_dependencies(graph: Graph, data: st.DataObject) -> None:
    left, right = (data.draw(st.sampled_from(sorted(graph))) for _ in range(2))
    assert (right in dependencies(graph, [left])) == (left in dependents(graph, [right]))


def test_two_hundred_stacks_in_a_row_are_ordered_at_once() -> None:
    graph = {f"s{number}": frozenset({f"s{number + 1}"} if number < 199 else ()) for number in range(200)}
    assert len(levels(graph)) == 200
