"""Values of a template as CloudFormation works them out, and what stays unknown."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.model.environment import EnvRef, OutputRef, SsmRef, StackRef
from aurora_cfn.model.stack import NO_ECHO
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import NO_VALUE, REFERENCE, Hidden, hidden, masked, uncertain
from aurora_cfn.template.resources import resources
from aurora_cfn.template.side import Side

TEMPLATE: Any = {
    "Parameters": {
        "Size": {"Type": "Number", "Default": 4},
        "Name": {"Type": "String"},
        "Kind": {"Type": "String", "AllowedValues": ["a", "b"]},
        "Zones": {"Type": "CommaDelimitedList", "Default": "x, y"},
        "Image": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/path"},
        "Password": {"Type": "String", "NoEcho": True, "Default": "secret-1"},
        "Odd": "not a declaration",
    },
    "Mappings": {
        "Kinds": {"a": {"v": 1, "same": 7}, "b": {"v": 2, "same": 7}, "c": {"v": 3, "same": 8}},
        "Lists": {"a": {"all": ["p", "q"]}},
    },
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Size"}, "4"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Mine": {"Fn::Equals": [{"Ref": "Name"}, "mine"]},
        "NotMine": {"Fn::Not": [{"Fn::Equals": ["mine", {"Ref": "Name"}]}]},
        "Round": {"Fn::Or": [{"Condition": "About"}, {"Condition": "Mine"}]},
        "About": {"Fn::Not": [{"Condition": "Round"}]},
    },
    "Resources": {"Db": {"Type": "AWS::RDS::DBCluster"}},
}
NAME = {"Ref": "parameter Name"}
KIND = {"Ref": "parameter Kind"}
MINE, EQUAL_A = {"Fn::Equals": [NAME, "mine"]}, {"Fn::Equals": [NAME, "a"]}


@pytest.fixture
def evaluator() -> Evaluator:
    return Evaluator(Side(TEMPLATE, region="eu-west-1", stack="app"))


@pytest.mark.parametrize(
    ("node", "form"),
    [
        ({"Fn::Sub": "x${AWS::NoValue}"}, "x"),
        ({"Ref": "Size"}, "4"),
        ({"Ref": "Name"}, NAME),
        ({"Ref": "Zones"}, ["x", "y"]),
        ({"Ref": "Image"}, {REFERENCE: "ssm /path"}),
        ({"Ref": "Odd"}, {"Ref": "parameter Odd"}),
        ({"Ref": "Db"}, {"Ref": "Db"}),
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::StackName"}, "app"),
        ({"Ref": "AWS::AccountId"}, {"Ref": "AWS::AccountId"}),
        ({"Ref": {"Fn::Sub": "Si${x}ze"}}, {"Ref": {"Fn::Join": ["", ["Si", {"Ref": "x"}, "ze"]]}}),
        ({"Fn::GetAtt": ["Db", "Endpoint.Port"]}, {"Fn::GetAtt": "Db.Endpoint.Port"}),
        ({"Fn::GetAtt": [{"Fn::Sub": "D${!x}"}, "Arn"]}, {"Fn::GetAtt": "D${x}.Arn"}),
        ({"Fn::GetAtt": ["Db", {"Ref": "Name"}]}, {"Fn::GetAtt": ["Db", NAME]}),
        ({"Fn::Sub": "${ Size }-${!Size}"}, "4-${Size}"),
        ({"Fn::Sub": ["${A}${Db.Arn}", {"A": {"Ref": "Size"}}]}, {"Fn::Join": ["", ["4", {"Fn::GetAtt": "Db.Arn"}]]}),
        ({"Fn::Join": ["-", ["a", {"Fn::Join": ["", ["b", {"Ref": "Name"}]]}]]}, {"Fn::Join": ["", ["a-b", NAME]]}),
        ({"Fn::Join": ["", []]}, ""),
        ({"Fn::Join": ["", [{"Ref": "Db"}]]}, {"Ref": "Db"}),
        ({"Fn::Select": [1, {"Ref": "Zones"}]}, "y"),
        ({"Fn::Select": ["0", [NO_VALUE, "b"]]}, "b"),
        ({"Fn::Select": ["7", ["b"]]}, {"Fn::Select": ["7", ["b"]]}),
        ({"Fn::Split": [":", "a:b"]}, ["a", "b"]),
        ({"Fn::Split": [":", {"Ref": "Name"}]}, {"Fn::Split": [":", NAME]}),
        ({"Fn::If": ["Yes", 1, 2]}, "1"),
        ({"Fn::If": ["No", 1, NO_VALUE]}, NO_VALUE),
        ({"Fn::If": ["Mine", 1, 1]}, "1"),
        ({"Fn::If": ["Mine", 1, NO_VALUE]}, {"Fn::If": [MINE, "1", NO_VALUE]}),
        ({"Fn::If": ["NotMine", 2, 1]}, {"Fn::If": [MINE, "1", "2"]}),
        ({"Fn::If": ["Nothing", 1, 2]}, {"Fn::If": [{"Condition": "Nothing"}, "1", "2"]}),
        ({"Fn::FindInMap": ["Kinds", "b", "v"]}, "2"),
        ({"Fn::FindInMap": ["Lists", "a", "all"]}, ["p", "q"]),
        ({"Fn::FindInMap": ["Kinds", "z", "v"]}, {"Fn::FindInMap": [{}, "Kinds", "z", "v"]}),
        ({"Fn::FindInMap": ["Kinds", "z", "v", {"DefaultValue": {"Ref": "Size"}}]}, "4"),
        ({"Fn::FindInMap": ["Kinds", "a", "v", {"DefaultValue": 9}]}, "1"),
        ({"Fn::FindInMap": ["Kinds", {"Ref": "Kind"}, "v"]},
         {"Fn::FindInMap": [{"a": "1", "b": "2"}, "Kinds", KIND, "v"]}),
        ({"Fn::FindInMap": ["Kinds", {"Ref": "Kind"}, "same"]}, "7"),
        ({"Fn::FindInMap": ["Kinds", "a", {"Ref": "Name"}]},
         {"Fn::FindInMap": [{"v": "1", "same": "7"}, "Kinds", "a", NAME]}),
        ({"Fn::FindInMap": [{"Ref": "Name"}, "a", "v"]}, {"Fn::FindInMap": [{}, NAME, "a", "v"]}),
        ({"Fn::Cidr": ["10.0.0.0/16", "2", 8]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::Cidr": ["fd00::/56", 2]}, ["fd00::/64", "fd00:0:0:1::/64"]),
        ({"Fn::Cidr": ["10.0.0.0/24", 3, 7]}, {"Fn::Cidr": ["10.0.0.0/24", "3", "7"]}),
        ({"Fn::Cidr": ["10.0.0.0/24", 2]}, {"Fn::Cidr": ["10.0.0.0/24", "2"]}),
        ({"Fn::Cidr": [{"Ref": "Name"}, 2, 8]}, {"Fn::Cidr": [NAME, "2", "8"]}),
        ({"Fn::Length": {"Ref": "Zones"}}, "2"),
        ({"Fn::Length": [1, {"Fn::If": ["Mine", 1, NO_VALUE]}]},
         {"Fn::Length": ["1", {"Fn::If": [MINE, "1", NO_VALUE]}]}),
        ({"Fn::ToJsonString": {"a": [1, True, {"Ref": "Size"}]}}, '{"a":[1,true,"4"]}'),
        ({"Fn::ToJsonString": {"a": {"Ref": "Db"}}}, {"Fn::ToJsonString": {"a": {"Ref": "Db"}}}),
        ({"Fn::Base64": {"Fn::Sub": "x${Size}"}}, {"Fn::Base64": "x4"}),
        ({"Fn::GetAZs": ""}, {"Fn::GetAZs": "eu-west-1"}),
        ({"Fn::GetAZs": {"Ref": "AWS::Region"}}, {"Fn::GetAZs": "eu-west-1"}),
        ({"Fn::ImportValue": {"Fn::Sub": "${Size}-x"}}, {"Fn::ImportValue": "4-x"}),
        ({"Fn::Transform": {"Name": "M"}}, {"Fn::Transform": {"Name": "M"}}),
        ({"Fn::New": [NO_VALUE, 1]}, {"Fn::New": [NO_VALUE, "1"]}),
        ({"a": None, "b": NO_VALUE, "c": 1.0, "d": False}, {"c": "1", "d": "false"}),
        ([NO_VALUE, 3306], ["3306"]),
    ],
)  # fmt: skip
def test_a_function_becomes_its_value_or_a_canonical_form(evaluator: Evaluator, node: Any, form: Any) -> None:
    assert evaluator.value(node) == form


@pytest.mark.parametrize(
    ("node", "truth"),
    [
        ({"Condition": "Yes"}, True),
        ({"Condition": "No"}, False),
        ({"Fn::And": [{"Condition": "No"}, {"Condition": "Mine"}]}, False),
        ({"Fn::Or": [{"Condition": "Yes"}, {"Condition": "Mine"}]}, True),
        ({"Fn::And": [{"Condition": "Yes"}, {"Condition": "Mine"}]}, MINE),
        ({"Fn::Equals": ["mine", {"Ref": "Name"}]}, MINE),
        ({"Fn::Or": [{"Fn::Equals": [{"Ref": "Name"}, "a"]}, MINE]}, {"Fn::Or": [EQUAL_A, MINE]}),
        ({"Fn::Or": [MINE, {"Fn::Equals": ["a", {"Ref": "Name"}]}]}, {"Fn::Or": [EQUAL_A, MINE]}),
        ({"Fn::Not": [{"Fn::Not": [{"Condition": "Mine"}]}]}, MINE),
        ({"Fn::Equals": [{"Ref": "Name"}, {"Ref": "Name"}]}, True),
        ({"Fn::Equals": [{"Ref": "Name"}, "x"]}, {"Fn::Equals": [NAME, "x"]}),
        ({"Fn::Contains": [["a", {"Ref": "Name"}], "a"]}, True),
        ({"Fn::Contains": [["a", {"Ref": "Name"}], "b"]}, {"Fn::Contains": [["a", NAME], "b"]}),
        ({"Fn::EachMemberIn": [["a", "c"], ["a", "b"]]}, False),
        ({"Fn::EachMemberEquals": [["a", {"Ref": "Name"}], "b"]}, False),
        ({"Fn::Equals": ["one"]}, {"Fn::Equals": ["one"]}),
    ],
)
def test_a_condition_is_decided_or_stays_an_expression(evaluator: Evaluator, node: Any, truth: Any) -> None:
    assert evaluator.truth(node) == truth


def test_conditions_that_go_round_end_unknown(evaluator: Evaluator) -> None:
    assert not isinstance(evaluator.condition("Round"), bool)
    assert not isinstance(evaluator.condition("About"), bool)


def test_an_unknown_parameter_can_count_as_different_from_literals() -> None:
    evaluator = Evaluator(Side(TEMPLATE), frozenset({"Name"}))
    assert evaluator.condition("Mine") is False
    assert not isinstance(evaluator.truth({"Fn::Equals": [{"Ref": "Kind"}, "a"]}), bool)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (StackRef("db"), {REFERENCE: "stack db"}),
        (OutputRef("db", "Port"), {REFERENCE: "output db.Port"}),
        (SsmRef("/x"), {REFERENCE: "ssm /x"}),
        (EnvRef("X"), {REFERENCE: "env X"}),
        (NO_ECHO, NAME),
        ("given", "given"),
    ],
)
def test_a_given_value_may_be_a_reference(value: Any, form: Any) -> None:
    assert Evaluator(Side(TEMPLATE, parameters={"Name": value})).value({"Ref": "Name"}) == form


@pytest.mark.parametrize(
    "node",
    [
        {"Ref": "Password"},
        {"Fn::Sub": "x-${Password}-${Name}"},
        {"Fn::Join": ["", [{"Ref": "Size"}, {"Ref": "Password"}]]},
        {"Fn::Select": [0, {"Fn::Split": ["-", {"Ref": "Password"}]}]},
        {"Fn::Base64": {"Ref": "Password"}},
        {"Fn::ToJsonString": {"a": {"Ref": "Password"}}},
        {"deep": [{"Ref": "Password"}]},
        {"Name": "shown", "Password": {"Ref": "Password"}},
    ],
)
def test_a_secret_is_never_shown(evaluator: Evaluator, node: Any) -> None:
    form = evaluator.value(node)
    assert hidden(form)
    assert "secret" not in str(masked(form))


def test_a_hidden_list_stays_hidden() -> None:
    found = Evaluator(Side(TEMPLATE, parameters={"Zones": Hidden("p,q")})).value({"Ref": "Zones"})
    assert (found, masked(found)) == (["p", "q"], ["(hidden)", "(hidden)"])


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("x", False),
        ({"Ref": "Db"}, False),
        ({"Fn::GetAtt": "Db.Arn"}, False),
        ({"Fn::Base64": {"Fn::Join": ["", ["x", {"Ref": "Db"}]]}}, False),
        ({"Fn::Base64": NAME}, True),
        ({"Ref": "AWS::AccountId"}, True),
        ({"Fn::ImportValue": "x"}, True),
        ([{"a": NAME}], True),
    ],
)
def test_only_what_aws_alone_knows_is_uncertain(form: Any, expected: bool) -> None:
    assert uncertain(form) is expected


def test_conditions_in_a_chain_are_worked_out_once_each() -> None:
    found: list[Any] = []

    class Counted(Evaluator):
        def value(self, raw: Any) -> Any:
            found.append(raw)
            return super().value(raw)

    size = 40
    first = {"Fn::Equals": [{"Ref": "P0"}, "x"]}
    chain = {f"C{n}": {"Fn::And": [{"Condition": f"C{n - 1}"}, first]} for n in range(1, size)}
    template: Any = {
        "Parameters": {"P0": {"Type": "String"}},
        "Conditions": {"C0": first, **chain},
        "Resources": {f"R{n}": {"Type": "AWS::SNS::Topic", "Condition": f"C{n}"} for n in range(size)},
    }
    rows = resources(Counted(Side(template)))
    assert [rows[f"R{n}"].exists is True for n in range(size)] == [False] * size
    assert sum(isinstance(raw, dict) and "Fn::And" in raw for raw in found) < 2 * size
