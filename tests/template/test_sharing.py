"""What is shared between the stacks of one template: never more than what their values allow."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.template.entries import entries
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.parsed import ParsedTemplate, kept
from aurora_cfn.template.resources import Resource, outputs, resources
from aurora_cfn.template.side import Side

HEAD: dict[str, Any] = {
    "Parameters": {
        "Name": {"Type": "String", "Default": "shop"},
        "Secret": {"Type": "String", "NoEcho": True, "Default": "s"},
        "Ports": {"Type": "CommaDelimitedList", "Default": "1,2"},
    },
    "Mappings": {"M": {"shop": {"size": "1"}, "bank": {"size": "2"}}},
    "Conditions": {
        "IsBank": {"Fn::Equals": [{"Ref": "Name"}, "bank"]},
        "IsNotBank": {"Fn::Not": [{"Condition": "IsBank"}]},
    },
}
VALUES: list[dict[str, Any]] = [{}, {"Name": "bank"}, {"Name": "shop", "Ports": "3"}, {"Secret": "other"}, {}]
PROPERTIES: dict[str, Any] = {
    "a literal": "x",
    "a reference": {"Ref": "Name"},
    "text with a hole": {"Fn::Sub": "${ Name }-db"},
    "text with a variable": {"Fn::Sub": ["${V}", {"V": {"Ref": "Name"}}]},
    "a secret": {"Ref": "Secret"},
    "an item of a list": {"Fn::Select": [0, {"Ref": "Ports"}]},
    "a condition": {"Fn::If": ["IsBank", "yes", "no"]},
    "a condition of a condition": {"Fn::If": ["IsNotBank", "yes", {"Ref": "AWS::NoValue"}]},
    "a mapping": {"Fn::FindInMap": ["M", {"Ref": "Name"}, "size"]},
    "the name of the stack": {"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "db"]]},
    "the zones of the region": {"Fn::GetAZs": ""},
    "an import": {"Fn::ImportValue": {"Fn::Sub": "${Name}-Vpc"}},
    "a name that is worked out": {"Ref": {"Fn::Join": ["", ["Na", "me"]]}},
    "an attribute": {"Fn::GetAtt": "Other.Arn"},
}


def template(value: Any, **attributes: Any) -> dict[str, Any]:
    row = {"Type": "AWS::SNS::Topic", "Properties": {"Value": value}, **attributes}
    return {**HEAD, "Resources": {"It": row}, "Outputs": {"It": {"Value": value}}}


def side(text: Any, number: int, **values: Any) -> Side:
    return Side(text, parameters=values, stack=f"s{number}", region=("eu-west-1", "us-east-1")[number % 2])


def seen(one: Side) -> tuple[dict[str, Resource], dict[str, Any]]:
    evaluator = Evaluator(one)
    return dict(resources(evaluator)), dict(outputs(evaluator))


@pytest.mark.parametrize("value", PROPERTIES.values(), ids=PROPERTIES.keys())
def test_a_stack_is_evaluated_as_if_it_were_alone(value: Any) -> None:
    parsed = ParsedTemplate(template(value))
    for number, values in enumerate(VALUES):
        assert seen(side(parsed, number, **values)) == seen(side(template(value), number, **values)), values


def test_a_resource_is_left_out_where_its_condition_does_not_hold() -> None:
    parsed = ParsedTemplate(template("x", Condition="IsBank"))
    found = [list(resources(Evaluator(side(parsed, 0, **values)))) for values in VALUES]
    assert found == [[], ["It"], [], [], []]


def test_equal_values_are_evaluated_once() -> None:
    parsed = ParsedTemplate(template({"Ref": "Name"}))
    first, second = (resources(Evaluator(side(parsed, 0, Secret=secret)))["It"] for secret in "ab")
    assert first is second


def test_only_the_last_sets_of_values_are_kept() -> None:
    parsed = ParsedTemplate(template({"Ref": "Name"}))
    first = resources(Evaluator(side(parsed, 0, Name="n0")))["It"]
    for number in range(20):
        assert resources(Evaluator(side(parsed, 0, Name=f"n{number}")))["It"].properties == {"Value": f"n{number}"}
    assert resources(Evaluator(side(parsed, 0, Name="n0")))["It"] is not first


def test_a_mapping_that_may_change_keeps_nothing() -> None:
    plain = template("x")
    assert kept(plain, "k", lambda: 1) == 1
    assert kept(plain, "k", lambda: 2) == 2
    plain["Resources"]["It"]["Properties"]["Value"] = "y"
    assert resources(Evaluator(side(plain, 0)))["It"].properties == {"Value": "y"}


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("x", set()),
        ({"Ref": "Name"}, {"Name"}),
        ({"Fn::Sub": "${\nName}"}, {"Name"}),
        ({"Fn::GetAtt": "It.Endpoint.Port"}, {"It"}),
        ({"Fn::If": ["IsNotBank", "a", "b"]}, {"IsNotBank", "IsBank", "Name"}),
        ({"Fn::FindInMap": ["M", "shop", "size"]}, {"M"}),
        ({"Fn::GetAZs": ""}, {"AWS::Region"}),
    ],
)
def test_the_names_that_an_entry_depends_on(value: Any, names: set[str]) -> None:
    uses = entries(template(value), "Resources")["It"].uses
    assert uses is not None
    assert uses.names == names


@pytest.mark.parametrize(
    "value",
    [{"Ref": {"Ref": "Name"}}, {"Fn::FindInMap": [{"Ref": "Name"}, "a", "b"]}, {"Fn::GetAtt": ["It", {"a": 1}]}],
)
def test_a_name_that_is_worked_out_may_be_any(value: Any) -> None:
    entry = entries(template(value), "Resources")["It"]
    assert entry.uses is None
    assert entry.may_refer_to({"Whatever"})


def test_true_and_one_are_not_written_alike() -> None:
    texts = {entries(template(value), "Resources")["It"].text for value in (True, 1, "1", "true")}
    assert len(texts) == 4
