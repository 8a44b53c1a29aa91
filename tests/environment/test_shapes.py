"""Shapes of values in a params file: the bounds of lists and mappings, in complaints and in the schema alike."""

from __future__ import annotations

import pytest

from aurora_cfn.environment.shapes import ListOf, MapOf, Text
from aurora_cfn.model.value import Value


@pytest.mark.parametrize(
    ("shape", "value", "said"),
    [
        (ListOf(Text(), most=2), ["a", "b"], []),
        (ListOf(Text(), most=2), ["a", "b", "c"], ["3 items are more than the maximum 2"]),
        (MapOf(Text(), Text(), most=2), {"a": "x", "b": "y"}, []),
        (MapOf(Text(), Text(), most=1), {"a": "x", "b": "y"}, ["2 entries are more than the maximum 1"]),
        (MapOf(Text(), Text(), least=1), {"a": "x"}, []),
        (MapOf(Text(), Text(), least=1), {}, ["is empty, at least 1 is needed"]),
    ],
)
def test_bounds_are_inclusive(shape: ListOf | MapOf, value: Value, said: list[str]) -> None:
    assert [fault.what for fault in shape.faults(value, ())] == said
    schema = shape.schema()
    assert schema.get("maxItems", schema.get("maxProperties")) == shape.most
