from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.errors import InputError
from aurora_cfn.model.rows import Engine
from aurora_cfn.sql.split import split
from aurora_cfn.sqltext.lexer import tokens

FUNCTION = "create function f() returns int language sql begin atomic select 1; select case when true then 2 end; end"
ONE = {
    "quotes": "select 'a;b'",
    "doubled quotes": "select 'it''s; fine'",
    "a backslash is plain": r"select 'a\' , 'b;c'",
    "E string": r"select E'a\'; b'",
    "e string in lower case": r"select e'\\', ';'",
    "quoted name": 'select 1 as "a;""b"',
    "dollar quote": "do $$ begin perform 1; end $$",
    "tagged dollar quote": "do $fn$ begin perform $$x;$$; end $fn$",
    "dollar in a name": "select a$b$c from t$x",
    "line comment": "select 1 -- a; 'b",
    "block comment": "select /* a; 'b */ 1",
    "nested comment": "select /* a /* b; */ c; */ 1",
    "numbered parameter": "select $1",
    "parentheses": "create rule r as on insert to t do also (insert into a values (1); insert into b values (2))",
    "atomic body": FUNCTION,
    "atomic body of or replace": FUNCTION.replace("create", "CREATE OR REPLACE").upper(),
    "unicode": "select 'ä;ö' as größe",
}
MYSQL = {
    "backticks": "select 1 as `a;``b`",
    "backslash": r"select 'a\';b'",
    "double quotes are text": r'select "a\";b"',
    "hash comment": "select 1 # a; 'b",
    "minus minus without a space": "select 1--1",
    "comments do not nest": "select /* a /* b */ 1",
}


@pytest.mark.parametrize("sql", ONE.values(), ids=ONE)
def test_a_semicolon_inside_is_no_end(sql: str) -> None:
    assert [row.text for row in split(sql)] == [sql]
    assert [row.text for row in split(f"{sql}\n;\nselect 2;")] == [sql, "select 2"]


@pytest.mark.parametrize("sql", MYSQL.values(), ids=MYSQL)
def test_mysql_quotes_otherwise(sql: str) -> None:
    assert [row.text for row in split(f"{sql}\n;select 2", "mysql")] == [sql, "select 2"]


@pytest.mark.parametrize(
    ("sql", "texts"),
    [
        ("select 1; select 2", ["select 1", "select 2"]),
        (";; select 1 ;;; ", ["select 1"]),
        ("-- only\nselect 1; -- the end\n/* x */", ["-- only\nselect 1"]),
        ("begin_work; abc", ["begin_work", "abc"]),
        ("create table function_ends (id int); select 1", ["create table function_ends (id int)", "select 1"]),
        ("create function f() returns int as $$ select 1; $$ language sql; select 2",
         ["create function f() returns int as $$ select 1; $$ language sql", "select 2"]),
        (FUNCTION + "; select 2", [FUNCTION, "select 2"]),
    ],
)  # fmt: skip
def test_statements_end_at_semicolons(sql: str, texts: list[str]) -> None:
    assert [row.text for row in split(sql)] == texts


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("select :id, :name", {"id", "name"}),
        ("select a::text, b::int", set()),
        ("select ':no', \":no\", $$:no$$ -- :no", set()),
        ("select :id::uuid", {"id"}),
        ("select a[1:2]", set()),
        ("insert into t values(:a,:b_2)", {"a", "b_2"}),
    ],
)
def test_placeholders_are_found_outside_quotes(sql: str, names: set[str]) -> None:
    assert split(sql)[0].placeholders == names


def test_lines_are_those_of_the_script() -> None:
    rows = split("\n-- first\nselect 1;\n\n\nselect\n 2")
    assert [(row.first_line, row.line) for row in rows] == [(2, 3), (6, 6)]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("", "no SQL statement in it"),
        (" ; -- x\n ;", "no SQL statement in it"),
        ("select 1;\nselect 'a", 'line 2: the string that begins here has no end: "\'a"'),
        ('select "a', "line 1: the quoted name that begins here"),
        ("select 1 /* a /* b */", "line 1: the comment that begins here"),
        ("do $a$ x $b$", "line 1: the $a$ quote that begins here"),
        (r"select E'a\'", "line 1: the string that begins here"),
        ("select 1;\n\\d t", "x.sql:2: a psql command is not SQL"),
        ("begin; select 1; commit", "x.sql:1: BEGIN has no effect"),
        ("start transaction", "use --transaction"),
        ("rollback", "ROLLBACK has no effect"),
    ],
)
def test_what_cannot_run_is_refused_before_anything_runs(sql: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        split(sql, path="x.sql")
    assert message in str(refused.value)


def test_every_refusal_is_shown_at_once() -> None:
    with pytest.raises(InputError) as refused:
        split("begin; select 1; commit")
    assert len(refused.value.complaints) == 2


def test_savepoints_stay() -> None:
    assert len(split("savepoint a; rollback to a; release a")) == 3


PIECES = st.sampled_from(
    ["select 1", "'a;b'", '"c;d"', "$$e;f$$", "$t$;$t$", "/* ; */", "-- ;\n", "(", ")", ";", "\n", " ", "E'\\';'", ":p",
     "::", "x", "é", "`", "#", "case", "end", "begin", "atomic"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(["postgresql", "mysql"]))
def test_the_tokens_are_the_text(sql: str, engine: Engine) -> None:
    try:
        found = list(tokens(sql, engine))
    except InputError:
        return
    assert "".join(token.text for token in found) == sql


@given(st.text(max_size=60))
def test_any_text_gives_statements_or_one_clear_error(sql: str) -> None:
    try:
        rows = split(sql)
    except InputError:
        return
    assert all(row.text and row.text in sql for row in rows)


@given(st.lists(st.sampled_from([*ONE.values()]).map(lambda sql: sql + "\n"), min_size=1, max_size=6))
def test_joining_and_splitting_gives_the_same_statements(sqls: list[str]) -> None:
    assert [row.text for row in split(";".join(sqls))] == [sql.strip() for sql in sqls]
