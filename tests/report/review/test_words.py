"""How a value that changes and a change that matters little are put into words."""

from __future__ import annotations

import pytest

from aurora_cfn.model.change import Change, Effect, Kind, Section, Verdict
from aurora_cfn.model.value import Value
from aurora_cfn.report.review.words import difference, short_name

LONG = "x" * 200


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("5432", "5433", "Key: 5432 -> 5433"),
        (None, "new", "Key: - -> new"),
        ("same", "same", "Key: same"),
        (None, None, "Key"),
        (f"{LONG}old", f"{LONG}new", f"Key: ...{'x' * 30}old -> ...{'x' * 30}new"),
        (f"{LONG}", f"{LONG}{LONG}", f"Key: ...{'x' * 30} -> ...{'x' * 114}..."),
        (f"a{LONG}", f"b{LONG}", f"Key: a{'x' * 116}... -> b{'x' * 116}..."),
        (["a" * 120, "old"], ["a" * 120, "new"], f'Key: ...{"a" * 26}", "old"] -> ...{"a" * 26}", "new"]'),
        (
            {"Fn::FindInMap": [{"a": "1", "b": {"Ref": "Db"}}, "M", {"Ref": "parameter P"}, "k"]},
            {"Fn::FindInMap": [{}, "M", "x", "k"]},
            'Key: a: "1", b: Ref Db -> nothing in its mapping',
        ),
        ("short", LONG, f"Key: short -> {'x' * 117}..."),
    ],
)
def test_a_long_value_is_cut_where_it_is_the_same(before: Value, after: Value, says: str) -> None:
    assert difference(Effect(Verdict.IN_PLACE, "it changes", "Key", before=before, after=after)) == says


@pytest.mark.parametrize(
    ("kind", "section", "says"),
    [
        ("modify", "Resources", "Cluster (DeletionPolicy, Metadata)"),
        ("modify", "Template", "Cluster (DeletionPolicy, Metadata)"),
        ("add", "Resources", "Cluster"),
        ("modify", "Outputs", "output Cluster"),
        ("remove", "Parameters", "parameter Cluster"),
    ],
)
def test_a_quiet_change_of_a_resource_says_what_it_changes(kind: Kind, section: Section, says: str) -> None:
    effects = tuple(Effect(Verdict.METADATA, "an attribute", key) for key in ("DeletionPolicy", "Metadata"))
    assert short_name(Change(kind, section, "Cluster", effects)) == says
