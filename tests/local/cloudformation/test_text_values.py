from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.local.cloudformation.requests import not_emulated
from aurora_cfn.local.cloudformation.template_reading import with_text


def of(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Resources": {"R": {"Type": kind, "Properties": properties}}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"Outputs": {"O": {"Value": True}}}, {"Outputs": {"O": {"Value": "true"}}}),
        ({"Outputs": {"O": {"Value": 5}}}, {"Outputs": {"O": {"Value": "5"}}}),
        ({"Parameters": {"P": {"Default": False}}}, {"Parameters": {"P": {"Default": "false"}}}),
        ({"Parameters": {"P": {"AllowedValues": [True, 4]}}}, {"Parameters": {"P": {"AllowedValues": ["true", "4"]}}}),
        ({"Conditions": {"C": {"Fn::Equals": [True, {"Ref": "P"}]}}},
         {"Conditions": {"C": {"Fn::Equals": ["true", {"Ref": "P"}]}}}),
        (of("AWS::SSM::Parameter", Value=True), of("AWS::SSM::Parameter", Value="true")),
        (of("AWS::SSM::Parameter", Value={"Fn::Join": ["-", [True, {"Ref": "A"}]]}),
         of("AWS::SSM::Parameter", Value={"Fn::Join": ["-", ["true", {"Ref": "A"}]]})),
        (of("AWS::SNS::Topic", DisplayName={"Fn::Sub": ["${x}", {"x": False}]}),
         of("AWS::SNS::Topic", DisplayName={"Fn::Sub": ["${x}", {"x": "false"}]})),
        (of("AWS::Lambda::Function", Timeout=5, Environment={"Variables": {"DEBUG": True}}),
         of("AWS::Lambda::Function", Timeout=5, Environment={"Variables": {"DEBUG": "true"}})),
        (of("AWS::SNS::Topic", Tags=[{"Key": "a", "Value": 1}]),
         of("AWS::SNS::Topic", Tags=[{"Key": "a", "Value": "1"}])),
        (of("AWS::RDS::DBCluster", Port=5432, Flag=True), of("AWS::RDS::DBCluster", Port=5432, Flag=True)),
        ({"Resources": None, "Outputs": None}, {"Resources": None, "Outputs": None}),
    ],
)  # fmt: skip
def test_bare_booleans_and_numbers_become_text_where_text_is_wanted(before: Any, after: Any) -> None:
    assert with_text(before) == after


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Template format error: Unrecognized resource types: [AWS::A::B, AWS::C::D]",
         "not emulated: AWS::A::B, AWS::C::D (the local emulator has no such resource type)"),
        ("Parameters: [A] must have values", "Parameters: [A] must have values"),
    ],
)  # fmt: skip
def test_types_that_are_missing_are_not_called_unknown(text: str, expected: str) -> None:
    assert not_emulated(text) == expected
