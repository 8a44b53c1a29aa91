"""Which removal and which addition are one resource under a new logical id."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.review.added_and_removed import ALIKE, renames
from aurora_cfn.template.resources import Resource


def resource(name: str, properties: dict[str, Any], kind: str = "AWS::RDS::DBCluster") -> Resource:
    return Resource(name, kind, properties, {}, frozenset(), True, 1)


def alike(same: int, of: int) -> tuple[Resource, Resource]:
    """Two resources with `of` properties each, `same` of them equal."""
    left = {f"P{number}": "x" for number in range(of)}
    right = {name: "x" if number < same else "y" for number, name in enumerate(left)}
    return resource("Old", left), resource("New", right)


@pytest.mark.parametrize(
    ("pair", "renamed"),
    [
        (alike(3, 5), True),
        (alike(61, 100), True),
        (alike(59, 100), False),
        (alike(4, 7), False),
        (alike(0, 1), False),
        (alike(0, 0), True),
        ((resource("Old", {"A": "x"}), resource("New", {"A": "x"}, "AWS::RDS::DBInstance")), False),
        ((resource("Old", {"A": "x"}), resource("New", {"A": "x", "B": "y"})), False),
    ],
)
def test_from_that_share_of_equal_properties_on_two_are_one(pair: tuple[Resource, Resource], renamed: bool) -> None:
    old, new = pair
    assert renames({"Old": old}, {"New": new}) == ({"New": "Old"} if renamed else {})


def test_the_share_is_three_of_five() -> None:
    assert ALIKE == 3 / 5


def test_the_most_alike_pair_comes_first_and_each_id_is_used_once() -> None:
    before = {"A": resource("A", {"P": "1", "Q": "2"}), "B": resource("B", {"P": "1", "Q": "3"})}
    after = {"C": resource("C", {"P": "1", "Q": "3"}), "D": resource("D", {"P": "1", "Q": "3"})}
    assert renames(before, after) == {"C": "B"}


def test_what_is_on_both_sides_is_never_renamed() -> None:
    old, new = alike(5, 5)
    assert renames({"Old": old, "New": new}, {"New": new}) == {}
