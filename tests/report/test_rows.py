from __future__ import annotations

import csv as standard
import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.model.rows import Cell, Column, Rows
from aurora_cfn.report.rows import csv, json_text, table

MIXED = Rows(
    (Column("id", "int4"), Column("name", "text"), Column("price", "numeric"), Column("tags", "_text")),
    ((1, "Ä", "10.50", ("a", "b c")), (20, None, None, ())),
)


def rows(cell: Cell, kind: str = "text") -> Rows:
    return Rows((Column("c", kind),), ((cell,),))


def test_a_table_is_aligned_numbers_to_the_right() -> None:
    assert table(MIXED).splitlines() == [
        "id | name | price | tags",
        "---+------+-------+----------",
        " 1 | Ä    | 10.50 | {a,\"b c\"}",
        "20 | NULL |  NULL | {}",
    ]  # fmt: skip


def test_a_table_that_does_not_fit_is_shown_row_by_row() -> None:
    assert table(MIXED, fit=20, null="-").splitlines()[:6] == [
        "-[ row 1 ]-",
        "id    | 1",
        "name  | Ä",
        "price | 10.50",
        'tags  | {a,"b c"}',
        "-[ row 2 ]-",
    ]
    assert "row 1" not in table(MIXED, fit=33)


def test_a_last_column_is_cut_where_enough_of_it_is_left() -> None:
    wide = Rows((Column("calls", "int8"), Column("query")), ((7, "select " + "x" * 40), (12, "select 1")))
    assert table(wide, fit=30, cut_last=True).splitlines() == [
        "calls | query",
        "------+-----------------------",
        "    7 | select xxxxxxxxxxxx...",
        "   12 | select 1",
    ]
    assert table(wide, fit=27, cut_last=True).startswith("-[ row 1 ]-")
    assert table(wide, fit=99, cut_last=True) == table(wide)


def test_an_empty_result_keeps_its_heads() -> None:
    empty = Rows(MIXED.columns)
    assert table(empty, fit=5).splitlines()[0] == "id | name | price | tags"
    assert (csv(empty), json_text(empty)) == ("id,name,price,tags\r\n", "[]\n")


def test_wide_and_combining_characters_keep_columns_aligned() -> None:
    wide = Rows((Column("a"), Column("b")), (("日本", "x"), ("e\u0301", "y")))
    assert table(wide).splitlines() == ["a    | b", "-----+--", "日本 | x", "e\u0301    | y"]


@pytest.mark.parametrize(
    ("cell", "kind", "shown", "field", "value"),
    [
        (None, "text", "NULL", "", "null"),
        ("", "text", "", '""', '""'),
        ("NULL", "text", "NULL", "NULL", '"NULL"'),
        (True, "bool", "true", "true", "true"),
        (2**63 - 1, "int8", "9223372036854775807", "9223372036854775807", "9223372036854775807"),
        ("0.00000010", "numeric", "0.00000010", "0.00000010", "0.00000010"),
        ("123456789012345678901234567890.5", "numeric", *["123456789012345678901234567890.5"] * 3),
        ("NaN", "numeric", "NaN", "NaN", '"NaN"'),
        (1.0, "float8", "1", "1", "1.0"),
        (0.1, "float8", "0.1", "0.1", "0.1"),
        (float("nan"), "float8", "NaN", "NaN", '"NaN"'),
        (float("-inf"), "float8", "-Infinity", "-Infinity", '"-Infinity"'),
        (b"\xde\xad", "bytea", "\\xdead", "\\xdead", '"\\\\xdead"'),
        (b"", "bytea", "\\x", "\\x", '"\\\\x"'),
        ("2026-11-21 10:20:30.5", "timestamptz", *["2026-11-21 10:20:30.5"] * 2, '"2026-11-21 10:20:30.5"'),
        ('{"a": 1.10}', "jsonb", '{"a": 1.10}', '"{""a"": 1.10}"', '{"a": 1.10}'),
        ('{"a":\n 1}', "json", '{"a":\\n 1}', '"{""a"":\n 1}"', '{"a":  1}'),
        ("{bad", "json", "{bad", "{bad", '"{bad"'),
        ((1, None, 3), "_int4", "{1,NULL,3}", '"{1,NULL,3}"', "[1, null, 3]"),
        (("1.10", None), "_numeric", "{1.10,NULL}", '"{1.10,NULL}"', "[1.10, null]"),
        (("a,b", 'c"d', "e\\", "", "null"), "_text", '{"a,b","c\\"d","e\\\\","","null"}',
         '"{""a,b"",""c\\""d"",""e\\\\"","""",""null""}"', '["a,b", "c\\"d", "e\\\\", "", "null"]'),
        (((1, 2), (3, 4)), "_int4", "{{1,2},{3,4}}", '"{{1,2},{3,4}}"', "[[1, 2], [3, 4]]"),
        ("two\r\nlines", "text", "two\\r\\nlines", '"two\r\nlines"', '"two\\r\\nlines"'),
        (" x ", "text", " x", '" x "', '" x "'),
    ],
)  # fmt: skip
def test_one_value_in_three_formats(cell: Cell, kind: str, shown: str, field: str, value: str) -> None:
    assert table(rows(cell, kind)).splitlines()[2].lstrip() == shown.lstrip()
    assert csv(rows(cell, kind)) == f"c\r\n{field}\r\n"
    assert json_text(rows(cell, kind)) == '[{"c": ' + value + "}]\n"


def test_null_can_be_written_otherwise_and_stays_distinct() -> None:
    both = Rows((Column("a"), Column("b"), Column("c")), ((None, "\\N", ""),))
    assert csv(both, null="\\N") == 'a,b,c\r\n\\N,"\\N",""\r\n'


def test_a_column_that_is_there_twice_keeps_both_values_in_json() -> None:
    twice = Rows((Column("a"), Column("a"), Column("a_2"), Column("a")), ((1, 2, 3, 4),))
    assert json.loads(json_text(twice)) == [{"a": 1, "a_3": 2, "a_2": 3, "a_4": 4}]


EVIL = "\x1b[31m\x07\x9b2J\u202eabc\x7f\x00"


def test_nothing_steers_a_terminal() -> None:
    evil = Rows((Column(EVIL),), ((EVIL,),))
    for text in (table(evil), csv(evil, terminal=True), json_text(evil)):
        assert not [mark for mark in text if unicodedata.category(mark) in {"Cc", "Cf"} and mark not in "\r\n"]
        assert "31m" in text
    assert json.loads(json_text(evil)) == [{EVIL: EVIL}]
    assert EVIL in csv(evil)


def test_an_escape_inside_a_json_document_stays_the_document() -> None:
    document = json.dumps({"a": "\x9b\u202e"}, ensure_ascii=False)
    read_back = json_text(rows(document, "jsonb"))
    assert "\\u009b" in read_back
    assert json.loads(read_back) == [{"c": {"a": "\x9b\u202e"}}]


@given(st.lists(st.tuples(st.text(), st.none() | st.text(min_size=1)), min_size=1, max_size=5))
def test_csv_reads_back(pairs: list[tuple[str, str | None]]) -> None:
    text = csv(Rows((Column("a"), Column("b")), tuple(pairs)))
    read = list(standard.reader(io.StringIO(text, newline="")))
    assert read[1:] == [[a, b or ""] for a, b in pairs]


@given(st.lists(st.tuples(st.text(), st.none() | st.integers() | st.booleans() | st.text()), max_size=5))
def test_json_reads_back(pairs: list[tuple[str, Cell]]) -> None:
    document = json_text(Rows((Column("a"), Column("b")), tuple(pairs)))
    assert json.loads(document) == [{"a": a, "b": b} for a, b in pairs]


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=4))
def test_a_table_has_a_line_a_row(pairs: list[tuple[str, str]]) -> None:
    assert len(table(Rows((Column("a"), Column("b")), tuple(pairs))).split("\n")) == len(pairs) + 3
