from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.sqltext.lexer import tokens
from aurora_cfn.sqltext.statements import significant, split_statements


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("select :a, :b_2", ["a", "b_2"]),
        ("select ':a' || :b", ["b"]),
        ("select 'it''s :a'", []),
        (r"select E'it\'s :a', :b", ["b"]),
        ('select ":a" from t', []),
        ("select x::int, :a::text", ["a"]),
        ("select 1 -- :a\n, :b", ["b"]),
        ("select /* :a /* :b */ :c */ :d", ["d"]),
        ("select $$ :a $$, $x$ :b $y$ :c $x$, :d", ["d"]),
        ("select a[1:2], a[lo:hi], t.x", []),
        ("select :1::int, (:2)", ["1", "2"]),
        ("select :1a", []),
        ("select '2026-01-01 10:20:30'", []),
        (":a", ["a"]),
    ],
)
def test_parameters_are_found_where_sql_has_them(sql: str, names: list[str]) -> None:
    assert [token.text[1:] for token in tokens(sql, strict=False) if token.kind == "placeholder"] == names


@pytest.mark.parametrize(
    ("sql", "count"),
    [("", 0), (";", 0), ("select 1", 1), ("select 1;", 1), ("select 1; -- end", 1), ("select ';'", 1),
     ("select 1; select 2", 2), ("select 1;; ;select 2;", 2), ("select $$;$$; /* x */", 1)],
)  # fmt: skip
def test_statements_are_counted(sql: str, count: int) -> None:
    assert sum(bool(significant(group)) for group in split_statements(tokens(sql, strict=False))) == count


@given(st.text(alphabet="a:';\"$-/*\n1 ", max_size=40))
def test_nothing_is_lost(sql: str) -> None:
    assert "".join(token.text for token in tokens(sql, strict=False)) == sql
