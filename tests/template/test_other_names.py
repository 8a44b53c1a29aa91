"""Other logical ids in a template: every reference follows, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.template.other_names import referring, with_names

NAMES = {"Old": "New"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"Ref": "Old"}, {"Ref": "New"}),
        ({"Ref": "Older"}, {"Ref": "Older"}),
        ({"Fn::GetAtt": "Old.Endpoint.Address"}, {"Fn::GetAtt": "New.Endpoint.Address"}),
        ({"Fn::GetAtt": ["Old", "Arn"]}, {"Fn::GetAtt": ["New", "Arn"]}),
        ({"Fn::GetAtt": ["Old", {"Ref": "Old"}]}, {"Fn::GetAtt": ["New", {"Ref": "New"}]}),
        ({"Fn::Sub": "${Old}-${ Old.Arn }-${!Old}-Old"}, {"Fn::Sub": "${New}-${New.Arn}-${!Old}-Old"}),
        ({"Fn::Sub": ["${Old}", {"Old": {"Ref": "Old"}}]}, {"Fn::Sub": ["${Old}", {"Old": {"Ref": "New"}}]}),
        ({"Fn::Join": ["", ["Old", {"Ref": "Old"}]]}, {"Fn::Join": ["", ["Old", {"Ref": "New"}]]}),
        ({"Name": "Old", "Old": 1}, {"Name": "Old", "Old": 1}),
    ],
)
def test_references(before: Any, after: Any) -> None:
    assert referring(before, NAMES) == after


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("Old", "New"), (["A", "Old"], ["A", "New"]), ("A", "A")],
)
def test_the_resource_and_what_depends_on_it(given: Any, wanted: Any) -> None:
    template = {
        "Parameters": {"Old2": {"Type": "String"}},
        "Resources": {"Old": {"Type": "A"}, "B": {"Type": "B", "DependsOn": given}},
        "Outputs": {"Old": {"Value": {"Ref": "Old"}}},
    }
    found = with_names(template, NAMES)
    assert list(found["Resources"]) == ["New", "B"]  # type: ignore[arg-type]
    assert found["Resources"]["B"]["DependsOn"] == wanted  # type: ignore[index, call-overload]
    assert found["Outputs"] == {"Old": {"Value": {"Ref": "New"}}}
    assert found["Parameters"] == template["Parameters"]


def test_two_resources_can_change_names() -> None:
    template = {"Resources": {"A": {"Type": "A", "DependsOn": "B"}, "B": {"Type": "B"}}}
    assert with_names(template, {"A": "B", "B": "A"}) == {
        "Resources": {"B": {"Type": "A", "DependsOn": "A"}, "A": {"Type": "B"}}
    }
