"""What is written reads back as the same value, and reads well."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.yamltext import read_plain, read_template, write_plain, write_template

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=120)
KEY = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
SCALAR = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(-1e6, 1e6, width=32) | TEXT
VALUE: st.SearchStrategy[Any] = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=4), max_leaves=20
)
INTRINSIC = st.one_of(
    st.builds(lambda name: {"Ref": name}, KEY),
    st.builds(lambda name: {"Fn::GetAtt": [name, "Arn"]}, st.from_regex(r"[A-Za-z]{1,9}", fullmatch=True)),
    st.builds(lambda name, a, b: {"Fn::If": [name, a, b]}, KEY, VALUE, VALUE),
    st.builds(lambda text: {"Fn::Sub": text}, TEXT.filter(bool)),
    st.builds(lambda text: {"Fn::ImportValue": {"Fn::Sub": text}}, TEXT.filter(bool)),
)


@given(st.dictionaries(KEY, VALUE, min_size=1, max_size=4))
def test_plain_values_read_back_as_they_were(value: dict[str, Any]) -> None:
    assert read_plain(write_plain(value), "x").value == value


@given(st.dictionaries(KEY, VALUE | INTRINSIC, min_size=1, max_size=4))
def test_templates_read_back_as_they_were(value: dict[str, Any]) -> None:
    text = write_template({"Resources": value}, header="a header")
    assert read_template(text, "x").value == {"Resources": value}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"Ref": "A"}, "K: !Ref A\n"),
        ({"Ref": "AWS::Region"}, "K: !Ref AWS::Region\n"),
        ({"Fn::GetAtt": ["A", "Endpoint.Port"]}, "K: !GetAtt A.Endpoint.Port\n"),
        ({"Fn::Sub": "${A}-b"}, 'K: !Sub "${A}-b"\n'),
        ({"Fn::Equals": [{"Ref": "A"}, "true"]}, 'K: !Equals [!Ref A, "true"]\n'),
        ({"Fn::ImportValue": {"Fn::Sub": "${A}-b"}}, 'K:\n  Fn::ImportValue: !Sub "${A}-b"\n'),
        ({"Fn::If": ["C", {"A": 1}, {"Ref": "AWS::NoValue"}]}, "K: !If\n  - C\n  - A: 1\n  - !Ref AWS::NoValue\n"),
        ("true", 'K: "true"\n'),
        ("0012", 'K: "0012"\n'),
        ("2012-10-17", 'K: "2012-10-17"\n'),
        ("a: b", 'K: "a: b"\n'),
        ('"x" he said', "K: '\"x\" he said'\n"),
        ("one\ntwo\n", "K: |\n  one\n  two\n"),
        ([["a"], ["b", {"c": 1}]], "K:\n  - [a]\n  - - b\n    - c: 1\n"),
        ({}, "K: {}\n"),
        ([], "K: []\n"),
    ],
)
def test_it_reads_as_a_person_would_write_it(value: Any, text: str) -> None:
    assert write_template({"K": value}) == text


def test_a_long_text_is_folded_below_a_hundred_columns() -> None:
    text = write_template({"Description": "words and " * 30 + "end"})
    assert max(map(len, text.splitlines())) <= 100
    assert text.startswith("Description: >-\n")


def test_sections_and_their_entries_are_apart() -> None:
    text = write_template({"Version": "x", "Resources": {"A": {"Type": "T"}, "B": {"Type": "T"}}}, header="made")
    assert text == "# made\nVersion: x\n\nResources:\n  A:\n    Type: T\n\n  B:\n    Type: T\n"


COMMENTED: dict[str, Any] = {
    "Resources": {
        "A": {"Type": "T", "Properties": {"Rules": [{"Cidr": "127.0.0.1/32"}, "x" * 90], "Tier": {"Ref": "B"}}}
    },
    "Conditions": {"C": {"Fn::Equals": [{"Ref": "B"}, ""]}},
}


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        (("Resources", "A"), ["Resources:", "  # why", "  A:", "    Type: T"]),
        (("Resources", "A", "Type"), ["  A:", "    # why", "    Type: T"]),
        (("Resources", "A", "Properties", "Tier"), ["      # why", "      Tier: !Ref B"]),
        (("Resources", "A", "Properties", "Rules", 0), ["        # why", '        - Cidr: "127.0.0.1/32"']),
        (("Conditions", "C"), ["Conditions:", "  # why", '  C: !Equals [!Ref B, ""]']),
    ],
)
def test_a_comment_stands_above_what_it_explains_and_changes_no_value(
    path: tuple[str | int, ...], lines: list[str]
) -> None:
    text = write_template(COMMENTED, comments={path: "why"})
    assert "\n".join(lines) in text
    assert read_template(text, "x").value == COMMENTED


def test_a_long_comment_takes_several_lines() -> None:
    text = write_template(COMMENTED, comments={("Resources", "A", "Properties", "Tier"): "a reason " * 30})
    assert max(map(len, text.splitlines())) <= 100
    assert text.count("\n      # ") == 3


@pytest.mark.parametrize("path", [("Resources", "B"), ("Conditions", "C", "Fn::Equals", 0)])
def test_a_comment_without_a_line_to_stand_above_is_refused(path: tuple[str | int, ...]) -> None:
    with pytest.raises(ValueError, match=r"no place for the comment at (Resources.B|Conditions.C.Fn::Equals.0)"):
        write_template(COMMENTED, comments={path: "why"})
