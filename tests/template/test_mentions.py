"""Names behind a value, as it is written."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.template.mentions import behind, mentioned

CONDITIONS = {"Big": {"Fn::Equals": [{"Ref": "Size"}, "8"]}, "Round": {"Fn::Not": [{"Condition": "Round"}]}}


@pytest.mark.parametrize(
    ("node", "names"),
    [
        ("Ref", set()),
        ({"Ref": "A"}, {"A"}),
        ({"Ref": ["odd"]}, set()),
        ({"Fn::GetAtt": ["A", "Arn"]}, {"A"}),
        ({"Fn::GetAtt": "A.Arn"}, {"A"}),
        ({"Fn::Sub": "${A}${ B.Arn }${!C}"}, {"A", "B"}),
        ({"Fn::Sub": ["${A}${B}", {"A": {"Ref": "D"}}]}, {"B", "D"}),  # A is the function's own
        ({"Fn::Sub": {"odd": 1}}, set()),
        ({"x": [{"Fn::If": ["Big", {"Ref": "A"}, {"Ref": "B"}]}]}, {"A", "B"}),
        (({"Ref": "A"},), {"A"}),
    ],
)
def test_every_branch_is_looked_at(node: Any, names: set[str]) -> None:
    assert set(mentioned(node)) == names


@pytest.mark.parametrize(
    ("node", "names"),
    [
        ({"Fn::If": ["Big", 1, 2]}, {"Size"}),
        ({"Condition": "Big"}, {"Size"}),
        ({"Properties": {"Names": [{"Fn::If": ["Big", 1, 2]}]}}, {"Size"}),
        ({"Condition": "Round"}, set()),
        ({"Condition": "Nothing"}, set()),
        ({"Fn::FindInMap": ["M", {"Ref": "A"}, "k"]}, {"M", "A"}),
    ],
)
def test_conditions_and_mappings_are_followed(node: Any, names: set[str]) -> None:
    assert behind(node, CONDITIONS) == names
