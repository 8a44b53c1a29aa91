"""One row, four readers: what it accepts is what the template accepts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.parameters import Parameter, interface

ROWS = [row for blueprint in BLUEPRINTS for row in blueprint.parameters]


def meets(text: str, emitted: dict[str, Any]) -> bool:
    """Whether CloudFormation takes the value, by the constraints of the emitted entry alone."""
    if emitted["Type"] == "Number" and not emitted.get("MinValue", float(text)) <= float(text) <= emitted.get(
        "MaxValue", float(text)
    ):
        return False
    if text not in emitted.get("AllowedValues", [text]):
        return False
    if not emitted.get("MinLength", 0) <= len(text) <= emitted.get("MaxLength", 4096):
        return False
    return re.fullmatch(emitted.get("AllowedPattern", "(?s:.*)"), text) is not None


@given(st.sampled_from(ROWS), st.text(max_size=70) | st.decimals(-10, 400, places=1).map(str))
def test_a_value_that_is_accepted_meets_the_emitted_constraint(row: Parameter, text: str) -> None:
    if row.problem(text) is None:
        assert meets(text, row.emitted().to_dict())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_default_is_a_value_that_the_row_accepts(row: Parameter) -> None:
    if row.default_text is not None:
        assert row.problem(row.default_text) is None


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Parameter("A", "d", allowed=("true", "false")), "true or false"),
        (Parameter("A", "d", type="Number", low=0.5, high=256, step=0.5), "0.5 to 256, in steps of 0.5"),
        (Parameter("A", "d", type="Number", low=1, high=2147483647, step=1), "whole numbers from 1 to 2147483647"),
        (Parameter("A", "d", pattern="^a$", constraint="the letter a"), "the letter a"),
        (Parameter("A", "d", pattern="^a$"), "must match ^a$"),
        (Parameter("A", "d"), ""),
    ],
)
def test_bounds_are_shown_in_words(row: Parameter, words: str) -> None:
    assert row.bounds() == words


def test_groups_and_labels_stand_in_the_order_of_the_table() -> None:
    rows = (
        Parameter("B", "d", group="One"),
        Parameter("A", "d", group="Two", label="An A"),
        Parameter("C", "d", group="One"),
    )
    assert interface(rows) == {
        "AWS::CloudFormation::Interface": {
            "ParameterGroups": [
                {"Label": {"default": "One"}, "Parameters": ["B", "C"]},
                {"Label": {"default": "Two"}, "Parameters": ["A"]},
            ],
            "ParameterLabels": {"A": {"default": "An A"}},
        }
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ab", None),
        ("abcd", None),
        ("a", "1 characters are fewer than the minimum 2"),
        ("abcde", "5 characters are more than the maximum 4"),
    ],
)
def test_lengths_are_refused_past_their_bounds_only(text: str, problem: str | None) -> None:
    assert Parameter("Name", "A name.", min_length=2, max_length=4).problem(text) == problem


@pytest.mark.parametrize(
    ("kind", "text", "refused"),
    [
        ("String", "v" * 4096, False),
        ("String", "v" * 4097, True),
        ("String", "ü" * 2048, False),
        ("String", "ü" * 2049, True),
        ("CommaDelimitedList", ",".join(["v" * 1023] * 4), False),
        ("CommaDelimitedList", ",".join(["v" * 1024] * 4), True),
    ],
)
def test_a_value_has_no_more_bytes_than_cloudformation_takes(kind: str, text: str, refused: bool) -> None:
    found = Parameter("Text", "A text.", type=kind, no_echo=True).problem(text) or ""
    assert ("bytes are more than the 4,096 that CloudFormation takes for a parameter" in found) is refused
    assert text not in found


def test_the_length_of_each_item_of_a_list_is_bounded() -> None:
    listed = Parameter("Names", "Names.", type="CommaDelimitedList", max_length=5)
    assert listed.problem("ab,abcde") is None
    assert listed.problem("ab,abcdef") == "6 characters are more than the maximum 5"
