"""Entries that are the same on both sides are found without evaluating them; the rest is left to the comparison."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.review.changes import changes
from aurora_cfn.review.unchanged import unchanged
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.parsed import ParsedTemplate
from aurora_cfn.template.side import Side
from tests.review.sides import read

BEFORE = """
Parameters: {N: {Type: String, Default: a}, Other: {Type: String, Default: b, Description: d}}
Mappings: {M: {k: {v: "1"}}}
Conditions: {C: !Equals [!Ref N, a]}
Resources:
  Plain: {Type: AWS::SNS::Topic}
  Named: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref N}}
  Chosen: {Type: AWS::SNS::Topic, Condition: C}
  Mapped: {Type: AWS::SNS::Topic, Properties: {DisplayName: !FindInMap [M, k, v]}}
  Flag: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
"""
ALL = {"Plain", "Named", "Chosen", "Mapped", "Flag"}
ROWS = [
    ("nothing", "", "", {}, set()),
    ("a description of a parameter", "Description: d", "Description: e", {}, set()),
    ("another default", "Default: a", "Default: c", {}, {"Named", "Chosen"}),
    ("another default under a given value", "Default: a", "Default: c", {"N": "g"}, set()),
    ("another type of parameter", "N: {Type: String", "N: {Type: CommaDelimitedList", {}, {"Named", "Chosen"}),
    ("a secret", "N: {Type: String", "N: {NoEcho: true, Type: String", {}, {"Named", "Chosen"}),
    ("another condition", "[!Ref N, a]", "[!Ref N, b]", {}, {"Chosen"}),
    ("another value of a mapping", 'v: "1"', 'v: "2"', {}, {"Mapped"}),
    ("another property", "TopicName: !Ref N", "DisplayName: !Ref N", {}, {"Named"}),
    ("true becomes 1", "FifoQueue: true", "FifoQueue: 1", {}, {"Flag"}),
    (
        "a name that is not declared any more",
        "N: {Type: String, Default: a}",
        "X: {Type: String}",
        {},
        {"Named", "Chosen"},
    ),
    ("another type", "Plain: {Type: AWS::SNS::Topic}", "Plain: {Type: AWS::SQS::Queue}", {}, {"Plain"}),
]


def sides(old: str, new: str, values: dict[str, Any]) -> tuple[Side, Side]:
    before, after = read(BEFORE, **values), read(BEFORE.replace(old, new) if old else BEFORE, **values)
    return before, after


@pytest.mark.parametrize(("old", "new", "values", "touched"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_is_written_alike_with_equal_values_is_unchanged(
    old: str, new: str, values: dict[str, str], touched: set[str]
) -> None:
    before, after = sides(old, new, {"parameters": values})
    assert unchanged(Evaluator(before), Evaluator(after), "Resources") == ALL - touched


def test_another_value_on_one_side_is_a_change() -> None:
    before, after = read(BEFORE), read(BEFORE, parameters={"N": "z"})
    assert unchanged(Evaluator(before), Evaluator(after), "Resources") == ALL - {"Named", "Chosen"}


@pytest.mark.parametrize(("old", "new", "values"), [row[1:4] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_parsed_template_has_the_same_changes(old: str, new: str, values: dict[str, str]) -> None:
    before, after = sides(old, new, {"parameters": values})
    left, right = (
        Side(ParsedTemplate(one.template), values, lines=one.lines, path=one.path) for one in (before, after)
    )
    expected = changes(before, after)
    assert [changes(left, right), changes(left, right)] == [expected, expected]


CHAIN = "\n".join(
    f"  S{n}: {{Type: AWS::RDS::DBSubnetGroup, Properties: {{DBSubnetGroupName: !Sub 'g-${{S{n - 1}}}'}}}}"
    for n in range(1, 40)
)


def test_a_replacement_is_followed_through_resources_that_are_written_alike() -> None:
    first = "  S0: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupName: first}}\n"
    before, after = read(f"Resources:\n{first}{CHAIN}"), read(f"Resources:\n{first.replace('first', 'other')}{CHAIN}")
    assert {change.logical_id for change in changes(before, after)} == {f"S{n}" for n in range(40)}
