"""What is read, where its lines are, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.errors import InputError
from aurora_cfn.yamltext import decode, read_plain, read_template


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", {"a": 1}),
        ("a: 1.5", {"a": 1.5}),
        ("a: 007", {"a": "007"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: yes", {"a": "yes"}),
        ("a: true", {"a": True}),
        ('a: "true"', {"a": "true"}),
        ("a: 2024-01-01", {"a": "2024-01-01"}),
        ("a: ~", {"a": None}),
        ("a:", {"a": None}),
        ("{a: [1, b]}", {"a": [1, "b"]}),
        ("x: &x [1]\ny: *x", {"x": [1], "y": [1]}),
        ("", None),
        ("a: 123456789012", {"a": 123456789012}),
    ],
)
def test_plain_yaml_is_read_as_yaml_1_2(text: str, value: Any) -> None:
    assert read_plain(text, "x").value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: !Ref B", {"a": {"Ref": "B"}}),
        ("a: !GetAtt B.C.D", {"a": {"Fn::GetAtt": ["B", "C.D"]}}),
        ("a: !GetAtt [B, C]", {"a": {"Fn::GetAtt": ["B", "C"]}}),
        ("a: !If [X, !Ref B, 1]", {"a": {"Fn::If": ["X", {"Ref": "B"}, 1]}}),
        ("a:\n  Fn::Sub: x", {"a": {"Fn::Sub": "x"}}),
        ("a: !And\n  - !Condition X\n  - !Condition Y", {"a": {"Fn::And": [{"Condition": "X"}, {"Condition": "Y"}]}}),
        ("a: !Sub\n  - x\n  - A: !Ref B", {"a": {"Fn::Sub": ["x", {"A": {"Ref": "B"}}]}}),
        ("a: yes", {"a": True}),
        ('{"a": {"Ref": "B"}}', {"a": {"Ref": "B"}}),
        ("AWSTemplateFormatVersion: 2010-09-09", {"AWSTemplateFormatVersion": "2010-09-09"}),
        (
            "a: [!!int 86400, !!int '60', !!bool 'yes', !!float 2, !!null '', !!str 7]",
            {"a": [86400, 60, True, 2, None, "7"]},
        ),
        ("a: !!map {b: !!seq [1]}", {"a": {"b": [1]}}),
    ],
)
def test_templates_come_back_in_long_form(text: str, value: Any) -> None:
    assert read_template(text, "x").value == value


def test_every_key_and_item_knows_its_line() -> None:
    document = read_template("a:\n  b: 1\n  c:\n    - x\n    - y: 2\nd: !If\n  - X\n  - e: 3\n  - 4\n", "x")
    assert document.line(("a", "b")) == 2
    assert document.line(("a", "c", 1, "y")) == 5
    assert document.line(("d", "Fn::If", 1, "e")) == 8
    assert document.line(("a", "c", 1, "missing")) == 5


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: 1\na: 2", "f:2: a: the key 'a' occurs twice, first in line 1"),
        (
            "a: !!python/object:os.system x",
            "f:1: a: the YAML tag tag:yaml.org,2002:python/object:os.system is not allowed",
        ),
        ("a: !Ref x", "f:1: a: the YAML tag !Ref is not allowed"),
        ("a: !!int 1", "f:1: a: the YAML tag tag:yaml.org,2002:int is not allowed"),
        ("a:\n\t- b", "indent with spaces"),
        ("a: [1", "f:"),
        ("a: *b", "*b names an anchor that does not exist"),
        ("a: 1\n---\nb: 2", "f:2: a second document begins here"),
        ("[" * 100 + "]" * 100, "nested deeper than 64 levels"),
        ("? [a]\n: 1", "a key must be text"),
        ("a: \x00", "f:"),
    ],
)
def test_what_a_params_file_may_not_hold_is_refused_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(InputError) as caught:
        read_plain(text, "f")
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("escaped", "read"),
    [
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\uD83D\uDE00\ud83d\ude00 \u00e9", "\U0001f600\U0001f600 é"),
        (r"\\\ud83d\ude00", "\\\U0001f600"),
        (r"\\ud83d\\ude00", r"\ud83d\ude00"),
        (r"a\/b", "a/b"),
    ],
)
def test_escapes_of_json(escaped: str, read: str) -> None:
    assert json.loads(f'"{escaped}"') == read
    assert read_template(f'{{"a": "{escaped}"}}', "f").value == {"a": read}


def test_tabs_of_json_are_no_fault() -> None:
    with pytest.raises(InputError) as caught:
        read_template('{\n\t"a": "\\%"}', "f")
    assert "tabs" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["!!int x", "!!int 1.5", "!!int yes", "!!bool 1", "!!null x", "!!timestamp 2026-11-29", "!!set {a}"]
)
def test_a_tag_that_does_not_fit_the_value_or_that_cloudformation_refuses(text: str) -> None:
    with pytest.raises(InputError, match="the YAML tag"):
        read_template(f"a: {text}", "f")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x {b: 1}\nc: {<<: *x, d: 2}", {"b": 1, "d": 2}),
        ("a: &x {b: 1}\nc: {b: 2, <<: *x}", {"b": 2}),
        ("a: &x {b: 1}\nc: {<<: *x, b: 2}", {"b": 2}),
        ("a: [&x {b: 1}, &y {b: 2, e: 3}]\nc: {<<: [*x, *y]}", {"b": 1, "e": 3}),
        ("c: {<<: {b: 1}}", {"b": 1}),
        ("a: &x {b: 1}\nf: &y {<<: *x, g: 1}\nc: {<<: *y}", {"b": 1, "g": 1}),
        ("c: {<<: []}", {}),
    ],
)
def test_merge_keys_of_a_template_are_merged(text: str, value: object) -> None:
    found = read_template(text, "f").value
    assert isinstance(found, dict)
    assert found["c"] == value


def test_a_merged_key_has_the_line_on_which_it_is_written() -> None:
    document = read_template("a: &x\n  b: 1\n  e: {f: 2}\nc:\n  <<: *x\n  d: 2\ng: {<<: [{h: 1}]}", "f")
    assert [document.line(("c", name)) for name in "bed"] == [2, 3, 6]
    assert document.line(("c", "e", "f")) == 3
    assert document.line(("g", "h")) == 7


@pytest.mark.parametrize("text", ["c: {<<: 1}", "a: &x [1]\nc: {<<: *x}", "c: {<<: [{}, 1]}"])
def test_only_mappings_are_merged(text: str) -> None:
    with pytest.raises(InputError, match="<< merges mappings only"):
        read_template(text, "f")


def test_a_template_that_is_read_again_is_a_value_of_its_own() -> None:
    text = "Resources: {Topic: {Type: AWS::SNS::Topic}}"
    first, again = read_template(text, "x"), read_template(text, "x")
    assert first == again
    first.value["Resources"].clear()  # type: ignore[index, union-attr, call-overload]
    assert read_template(text, "x") == again


def test_a_params_file_has_no_merge_keys() -> None:
    assert read_plain("c: {<<: {b: 1}}", "f").value == {"c": {"<<": {"b": 1}}}


def test_all_duplicates_are_shown_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_plain("a: 1\na: 2\nb: {c: 1, c: 2}", "f")
    assert len(caught.value.complaints) == 2


def test_anchors_that_explode_are_refused_before_memory_is() -> None:
    layers = "\n".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]" for i in range(1, 9))
    with pytest.raises(InputError, match="anchors expand to more than"):
        read_plain(f"l0: &l0 [x]\n{layers}", "f")


def test_bytes_that_are_not_utf8_are_placed() -> None:
    with pytest.raises(InputError, match=r"f:2: not UTF-8: byte 0xff"):
        decode(b"a: 1\nb: \xff", "f")


def test_an_absurd_size_is_refused() -> None:
    with pytest.raises(InputError, match="larger than 1,048,576 bytes"):
        decode(b"x" * 1_048_577, "f")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_never_a_crash(text: str) -> None:
    for read in (read_plain, read_template):
        try:
            read(text, "f")
        except InputError:
            continue
