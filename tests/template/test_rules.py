"""Rules say offline what CloudFormation would say before it makes anything."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.environment.relations import rule_checks
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.rules import assertions
from aurora_cfn.template.side import Side

A = {"Ref": "A"}
EMPTY = {"Fn::Equals": [A, ""]}


@pytest.mark.parametrize(
    ("node", "value", "true"),
    [
        (EMPTY, "", True),
        (EMPTY, "x", False),
        ({"Fn::Not": [EMPTY]}, "x", True),
        ({"Fn::And": [EMPTY, EMPTY]}, "", True),
        ({"Fn::Or": [EMPTY, {"Fn::Equals": [A, "x"]}]}, "x", True),
        ({"Fn::Contains": [["17", "18"], A]}, "17", True),
        ({"Fn::Contains": [["17", "18"], A]}, "17.7", False),
        ({"Fn::EachMemberIn": [[A, "17"], ["17", "18"]]}, "18", True),
        ({"Fn::EachMemberIn": [[A, "17"], ["17", "18"]]}, "19", False),
        ({"Fn::EachMemberEquals": [[A, "17"], "17"]}, "17", True),
        ({"Fn::EachMemberEquals": [[A, "17"], "17"]}, "18", False),
    ],
)
def test_expressions_hold_or_do_not(node: Any, value: str, true: bool) -> None:
    assert Evaluator(Side({"Parameters": {"A": {}}}, parameters={"A": value})).truth(node) is true


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ({"Assertions": [{"Assert": {"Fn::Equals": ["a", "b"]}}]}, True),
        ({"Assertions": [{"Assert": {"Fn::Equals": ["a", "a"]}}]}, False),
        ({"Assertions": [{"Assert": {"Fn::Equals": ["a", {"Fn::ValueOf": ["A", "Attribute"]}]}}]}, False),
        ({"RuleCondition": {"Fn::Equals": ["a", "b"]}, "Assertions": [{"Assert": {"Fn::Equals": ["a", "b"]}}]}, False),
        ({"RuleCondition": {"Fn::Equals": [A, "b"]}, "Assertions": [{"Assert": {"Fn::Equals": ["a", "b"]}}]}, False),
        ("not a rule", False),
        ({"Assertions": "none"}, False),
        ({"Assertions": ["none"]}, False),
    ],
)
def test_only_what_is_certainly_false_is_refused(rule: Any, refused: bool) -> None:
    evaluator = Evaluator(Side({"Parameters": {"A": {}}}))
    assert any(row.refuses(evaluator) for row in assertions({"R": rule})) is refused


def test_an_assertion_names_every_parameter_and_has_the_words_of_the_rule() -> None:
    rule: Any = {
        "RuleCondition": {"Fn::Equals": [{"Ref": "B"}, "true"]},
        "Assertions": [{"Assert": EMPTY, "AssertDescription": "B wants an empty A"}],
    }
    (assertion,) = assertions({"R": rule})
    assert (assertion.parameters, assertion.why) == (("A", "B"), "B wants an empty A")
    declared: Any = {"Parameters": {"A": {}, "B": {}}}
    values = [{"A": "x", "B": "true"}, {"A": "", "B": "true"}, {"A": "x", "B": "false"}, {"A": "x"}]
    sides = [Evaluator(Side(declared, parameters=given)) for given in values]
    assert [assertion.refuses(side) for side in sides] == [True, False, False, False]


@pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda row: row.name)
def test_defaults_break_no_rule_about_a_combination(blueprint: Any) -> None:
    values = {row.name: row.default_text for row in blueprint.parameters if row.default_text is not None}
    for check in rule_checks(blueprint):
        if len(check.keys) > 1 and set(check.keys) <= set(values):
            assert check.problem(values) is None
