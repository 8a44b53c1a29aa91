"""Rules say offline what CloudFormation would say before it makes anything."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.template.rules import holds, rule_checks

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
    ],
)
def test_expressions_hold_or_do_not(node: Any, value: str, true: bool) -> None:
    assert holds(node, {"A": value}) is true


def test_a_function_that_rules_do_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="Fn::Sub"):
        holds({"Fn::Sub": "x"}, {})


def test_a_check_names_every_parameter_and_says_the_rules_own_words() -> None:
    rule: Any = {
        "RuleCondition": {"Fn::Equals": [{"Ref": "B"}, "true"]},
        "Assertions": [{"Assert": EMPTY, "AssertDescription": "B wants an empty A"}],
    }
    (check,) = rule_checks({"R": rule})
    assert check.keys == ("A", "B")
    assert check.problem({"A": "x", "B": "true"}) == "B wants an empty A"
    assert check.problem({"A": "", "B": "true"}) is None
    assert check.problem({"A": "x", "B": "false"}) is None


@pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda row: row.name)
def test_defaults_break_no_rule_about_a_combination(blueprint: Any) -> None:
    values = {row.name: row.default_text for row in blueprint.parameters if row.default_text is not None}
    for check in rule_checks(blueprint.rules):
        if len(check.keys) > 1 and set(check.keys) <= set(values):
            assert check.problem(values) is None
