"""A template as CloudFormation will read it: intrinsics, conditions, and which variants there are."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.lint.found import ABSENT, PERHAPS, UNKNOWN, Partial, Reference, Unknown
from aurora_cfn.lint.mentions import deciding_parameters, mentions
from aurora_cfn.lint.production import is_production
from aurora_cfn.lint.variant import Variant
from aurora_cfn.lint.variants import MOST, variants

SIZE = {"Type": "Number", "Default": 4}
TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Size": SIZE,
        "Name": {"Type": "String"},
        "Zones": {"Type": "CommaDelimitedList", "Default": "a,b"},
        "Image": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/path"},
    },
    "Mappings": {"Sizes": {"small": {"acu": 1, "gb": 5}, "huge": {"acu": 64, "gb": 5}}},
    "Conditions": {
        "Big": {"Fn::Equals": [{"Ref": "Size"}, "8"]},
        "Mine": {"Fn::Equals": [{"Ref": "AWS::AccountId"}, "1"]},
        "Circle": {"Condition": "Circle"},
        "Both": {"Fn::And": [{"Condition": "Mine"}, {"Condition": "Big"}]},
        "Either": {"Fn::Or": [{"Condition": "Mine"}, {"Fn::Not": [{"Condition": "Big"}]}]},
    },
    "Resources": {"Db": {"Type": "AWS::RDS::DBCluster"}},
}


def variant(given: dict[str, Any] | None = None) -> Variant:
    return variants(TEMPLATE, given or {})[0]


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ("plain", "plain"),
        ({"Ref": "Size"}, "4"),
        ({"Ref": "Name"}, Unknown("Name")),
        ({"Ref": "Image"}, UNKNOWN),
        ({"Ref": "Zones"}, ["a", "b"]),
        ({"Ref": "Db"}, Reference("Db")),
        ({"Ref": "Absent"}, UNKNOWN),
        ({"Ref": "AWS::NoValue"}, ABSENT),
        ({"Ref": "AWS::Region"}, UNKNOWN),
        ({"Ref": ["odd"]}, UNKNOWN),
        ({"Fn::GetAtt": ["Db", "Endpoint.Address"]}, Reference("Db", "Endpoint.Address")),
        ({"Fn::GetAtt": "Db.Endpoint.Address"}, Reference("Db", "Endpoint.Address")),
        ({"Fn::GetAtt": []}, UNKNOWN),
        ({"Fn::Sub": "x-${Size}-${!kept}"}, "x-4-${kept}"),
        ({"Fn::Sub": "${Db}"}, Reference("Db")),
        ({"Fn::Sub": "${Db.Arn}:x"}, Partial((Reference("Db", "Arn"), ":x"))),
        ({"Fn::Sub": ["${A}${Size}", {"A": {"Ref": "Size"}}]}, "44"),
        ({"Fn::Sub": "${AWS::StackName}-x"}, Partial((UNKNOWN, "-x"))),
        ({"Fn::Sub": {"odd": 1}}, UNKNOWN),
        ({"Fn::Join": ["-", ["a", {"Ref": "Size"}, 7, True]]}, "a-4-7-true"),
        ({"Fn::Join": ["", ["a", {"Ref": "Name"}]]}, Partial(("a", UNKNOWN))),
        ({"Fn::Join": [",", {"Ref": "Zones"}]}, "a,b"),
        ({"Fn::Join": ","}, UNKNOWN),
        ({"Fn::Select": ["1", {"Ref": "Zones"}]}, "b"),
        ({"Fn::Select": [9, {"Ref": "Zones"}]}, UNKNOWN),
        ({"Fn::Select": [0, {"Fn::Split": [".", "17.4"]}]}, "17"),
        ({"Fn::Split": ["", "x"]}, UNKNOWN),
        ({"Fn::FindInMap": ["Sizes", "small", "acu"]}, "1"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Name"}, "gb"]}, "5"),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::Length": {"Ref": "Zones"}}, "2"),
        ({"Fn::Select": [0, [{"Fn::If": ["Mine", 1, {"Ref": "AWS::NoValue"}]}, "b"]]}, UNKNOWN),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, UNKNOWN),
        ({"Fn::FindInMap": ["Sizes", "large", "acu"]}, UNKNOWN),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Name"}, "acu"]}, UNKNOWN),
        ({"Fn::ImportValue": "x"}, UNKNOWN),
        ({"Fn::If": ["Big", 1, 2]}, 2),
        ({"Fn::If": ["Mine", 1, 2]}, UNKNOWN),
        ({"Fn::If": ["Mine", 1, {"Ref": "AWS::NoValue"}]}, PERHAPS),
        ({"Fn::If": ["Absent", 1, 2]}, UNKNOWN),
        ({"Fn::If": ["Big"]}, UNKNOWN),
        ({"Fn::If": ["Circle", 1, 2]}, UNKNOWN),
        ({"Fn::If": ["Both", 1, 2]}, 2),
        ({"Fn::If": ["Either", 1, 2]}, 1),
    ],
)
def test_a_function_gives_what_is_known(node: Any, value: Any) -> None:
    assert variant().resolve(node, ("x",)).value == value


def test_a_branch_is_shown_with_its_path() -> None:
    found = variant().resolve({"Fn::If": ["Big", 1, {"Fn::If": ["Big", 1, 3]}]}, ("x",))
    assert (found.value, found.path) == (3, ("x", "Fn::If", 2, "Fn::If", 2))


@pytest.mark.parametrize(
    ("value", "text", "number", "flag"),
    [
        (True, "true", None, True),
        ("FALSE", "FALSE", None, False),
        (0.5, "0.5", 0.5, None),
        (4.0, "4", 4.0, None),
        ("7", "7", 7.0, None),
        ([1], None, None, None),
        (None, None, None, None),
    ],
)
def test_a_scalar_is_read_as_cloudformation_does(value: Any, text: Any, number: Any, flag: Any) -> None:
    found = variant().resolve(value, ("x",))
    assert (found.text, found.number, found.flag) == (text, number, flag)


def changes(template: dict[str, Any], **given: Any) -> list[str]:
    return [row.change for row in variants(template, given)]


def test_allowed_values_and_compared_literals_are_variants_of_their_own() -> None:
    template: dict[str, Any] = {
        "Parameters": {
            "Mode": {"Type": "String", "Default": "a", "AllowedValues": ["a", "b", "c"]},
            "Stage": {"Type": "String", "Default": "dev"},
            "Size": {"Type": "String"},
        },
        "Mappings": {"Sizes": {"s": {}, "l": {}}},
        "Conditions": {
            "Live": {"Fn::Equals": ["prod", {"Ref": "Stage"}]},
            "X": {"Fn::Equals": [{"Fn::FindInMap": ["Sizes", {"Ref": "Size"}, "k"]}, 1]},
        },
    }
    assert changes(template) == [
        "", "when Mode is 'b'", "when Mode is 'c'", "when Stage is 'prod'", "when Size is 's'", "when Size is 'l'",
    ]  # fmt: skip
    assert changes(template, Mode="b", Stage="dev", Size="s") == [""]


def test_a_parameter_without_default_is_none_of_the_literals_first() -> None:
    template = {"Parameters": {"Stage": {"Type": "String"}},
                "Conditions": {"Live": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}}  # fmt: skip
    first, second = variants(template, {})
    assert (first.condition("Live"), second.condition("Live")) == (False, True)


def test_what_the_rules_refuse_is_no_variant() -> None:
    template: dict[str, Any] = {
        "Parameters": {"Mode": {"Type": "String", "Default": "a", "AllowedValues": ["a", "b", "c"]}},
        "Rules": {
            "NoB": {"RuleCondition": {"Fn::Equals": [{"Ref": "Mode"}, "b"]},
                    "Assertions": [{"Assert": {"Fn::Contains": [["x"], {"Ref": "Mode"}]}}]},
            "Odd": "text",
        },
    }  # fmt: skip
    assert changes(template) == ["", "when Mode is 'c'"]


def test_variants_are_bounded() -> None:
    template = {"Parameters": {"Many": {"Type": "Number", "Default": 0, "AllowedValues": list(range(500))}}}
    assert len(variants(template, {})) == MOST


def test_a_resource_is_certain_possible_or_not_there() -> None:
    body = {"Type": "AWS::SNS::Topic"}
    resources = {"No": body | {"Condition": "Big"}, "Perhaps": body | {"Condition": "Mine"}, "Yes": body, "Odd": 1}
    first = variants(TEMPLATE | {"Resources": resources}, {})[0]
    assert [(row.name, row.certain) for row in first.resources("AWS::SNS::Topic")] == [
        ("Perhaps", False),
        ("Yes", True),
    ]


def test_a_macro_in_place_may_add_what_is_not_written() -> None:
    body = {"Type": "X", "Properties": {"Fn::Transform": {"Name": "AWS::Include"}, "Known": 1}}
    row = variants({"Resources": {"R": body}}, {})[0].resource("R")
    assert row is not None
    assert (row.get("Known").number, row.get("Other").given, row.get("Other").absent) == (1, False, False)


def test_parameters_decide_through_conditions() -> None:
    node = {"Fn::If": ["Big", {"Fn::Sub": "${Name}-x"}, "y"]}
    assert deciding_parameters(variant(), node) == {"Size", "Name"}
    assert deciding_parameters(variant(), "literal") == frozenset()


def test_mentions_follow_the_branch_that_is_taken() -> None:
    template = TEMPLATE | {
        "Outputs": {
            "A": {"Value": {"Fn::If": ["Big", {"Ref": "Db"}, "none"]}},
            "B": {"Value": {"Fn::Sub": "x${Db.Arn}"}},
            "C": {"Condition": "Big", "Value": {"Ref": "Db"}},
        }
    }
    first = variants(template, {})[0]
    assert [reference for reference, _ in mentions(first)] == [Reference("Db", "Arn")]
    assert len(list(mentions(variants(template, {"Size": "8"})[0]))) == 3


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        ("Stage", "prod", True),
        ("EnvironmentName", "production-eu", True),
        ("env", "dev", False),
        ("Environment", "products", False),
        ("Envelope", "prod", None),
        ("Stages", "prod", None),
    ],
)
def test_the_stage_is_read_from_a_parameter(parameter: str, value: str, expected: bool | None) -> None:
    template = {
        "Parameters": {parameter: {"Type": "String", "Default": value}},
        "Resources": {"Db": {"Type": "AWS::RDS::DBCluster"}},
    }
    row = variants(template, {})[0].resource("Db")
    assert row is not None
    assert is_production(row) is expected
