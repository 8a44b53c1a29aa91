"""Schemas: read page by page in one read-only transaction, and compared as statements."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from aurora_cfn.errors import InputError, SqlError
from aurora_cfn.model.database_schema import SchemaObject
from aurora_cfn.model.rows import Column, Rows
from aurora_cfn.operate.schema.compare import compare
from aurora_cfn.operate.schema.postgres_queries import QUERIES, SHORT
from aurora_cfn.operate.schema.read import read_schema
from aurora_cfn.report.schema_changes import change_lines, changes_json
from tests.sql.fakes import DATABASE, FakeDataApi

Object = SchemaObject
TABLE = Object("table", "public.t")
ID, NOTE = Object("column", "public.t", "id", "bigint\n\nnot null"), Object("column", "public.t", "note", "text\n\n")
KEY = Object("constraint", "public.t", "t_pkey", "PRIMARY KEY (id)")
INDEX = Object("index", "public.i", "", "CREATE INDEX i ON public.t USING btree (note)")
TRIGGER = Object("trigger", "public.t", "tr", "CREATE TRIGGER tr BEFORE INSERT ON public.t FOR EACH ROW ...")
MOOD = Object("enum", "public.mood", "", "'sad', 'it''s, ok'")
VIEW = Object("view", "public.v", "", " SELECT id\n   FROM public.t;")
FUNCTION = Object("function", "public.f()", "", "CREATE OR REPLACE FUNCTION public.f()\n AS $$one$$\n")
ALL = (MOOD, TABLE, ID, NOTE, KEY, INDEX, FUNCTION, VIEW, TRIGGER)


def lines(before: tuple[Object, ...], after: tuple[Object, ...]) -> list[str]:
    return change_lines(compare(before, after)).splitlines()


def test_equal_schemas_have_no_difference_whatever_their_order() -> None:
    assert compare(ALL, ALL) == compare(ALL, tuple(reversed(ALL))) == ()


def test_a_whole_schema_is_made_in_order_and_goes_in_the_other() -> None:
    assert lines((), ALL) == [
        "+ create type public.mood as enum ('sad', 'it''s, ok');",
        "+ create table public.t (",
        "+   id bigint not null,",
        "+   note text",
        "+ );",
        "+ alter table public.t add constraint t_pkey PRIMARY KEY (id);",
        "+ CREATE INDEX i ON public.t USING btree (note);",
        "+ CREATE OR REPLACE FUNCTION public.f()",
        "+  AS $$one$$;",
        "+ create view public.v as",
        "+  SELECT id",
        "+    FROM public.t;",
        "+ CREATE TRIGGER tr BEFORE INSERT ON public.t FOR EACH ROW ...;",
    ]
    # Columns, constraints, indexes and triggers go with their table.
    assert lines(ALL, ()) == [
        "- drop view public.v;", "- drop function public.f();", "- drop table public.t;", "- drop type public.mood;",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, NOTE, ["+ alter table public.t add column note text;"]),
        (NOTE, None, ["- alter table public.t drop column note;"]),
        (NOTE, "varchar(10)\n\n", ["~ alter table public.t alter column note type varchar(10);"]),
        (NOTE, "text\ndefault 'a\nb'::text\nnot null", [
            "~ alter table public.t alter column note set default 'a", "~ b'::text;",
            "~ alter table public.t alter column note set not null;"]),
        (replace(NOTE, definition="text\ndefault 1\nnot null"), "text\n\n", [
            "~ alter table public.t alter column note drop default;",
            "~ alter table public.t alter column note drop not null;"]),
        (NOTE, "text\ngenerated always as (1) stored\n", [
            "~ -- column note of public.t: was ``, is `generated always as (1) stored`"]),
        (None, KEY, ["+ alter table public.t add constraint t_pkey PRIMARY KEY (id);"]),
        (KEY, None, ["- alter table public.t drop constraint t_pkey;"]),
        (KEY, "PRIMARY KEY (id, note)", [
            "~ alter table public.t drop constraint t_pkey;",
            "~ alter table public.t add constraint t_pkey PRIMARY KEY (id, note);"]),
        (INDEX, None, ["- drop index public.i;"]),
        (INDEX, "CREATE INDEX i ON public.t USING hash (note)", [
            "~ drop index public.i;", "~ CREATE INDEX i ON public.t USING hash (note);"]),
        (TRIGGER, None, ["- drop trigger tr on public.t;"]),
        (MOOD, "'sad', 'so so', 'it''s, ok', 'fine'", [
            "~ alter type public.mood add value 'so so' after 'sad';",
            "~ alter type public.mood add value 'fine' after 'it''s, ok';"]),
        (MOOD, "'new', 'sad', 'it''s, ok'", ["~ alter type public.mood add value 'new' before 'sad';"]),
        (MOOD, "'sad'", ["~ -- enum public.mood: was ('sad', 'it''s, ok'), is ('sad')"]),
        (VIEW, " SELECT 1;", ["~ create or replace view public.v as", "~  SELECT 1;"]),
        (VIEW, " SELECT id, note\n   FROM public.t;", [
            "~ view public.v", "    @@ -1,2 +1,2 @@", "    - SELECT id", "    + SELECT id, note",
            "        FROM public.t;"]),
        (FUNCTION, "CREATE OR REPLACE FUNCTION public.f()\n AS $$two$$\n", [
            "~ function public.f()", "    @@ -1,2 +1,2 @@", "     CREATE OR REPLACE FUNCTION public.f()",
            "    - AS $$one$$", "    + AS $$two$$"]),
        (Object("sequence", "s", "", "as bigint"), "as integer", ["~ alter sequence s as integer;"]),
        (Object("extension", "hstore", "", "1.8"), "1.9", ["~ alter extension hstore update to '1.9';"]),
        (None, Object("extension", "hstore", "", "1.8"), ["+ create extension hstore version '1.8';"]),
        (None, Object("domain", "d", "", "text not null"), ["+ create domain d as text not null;"]),
        (Object("domain", "d", "", "text"), "int", ["~ -- domain d: was `text`, is `int`"]),
        (Object("table", "u"), "row level security", ["~ alter table u enable row level security;"]),
        (Object("table", "u"), "unlogged", ["~ -- table u: was ``, is `unlogged`"]),
        (None, Object("table", "p", "", "partition of q DEFAULT"), ["+ create table p partition of q DEFAULT;"]),
        (None, Object("table", "p", "", "unlogged partition by RANGE (a) row level security"), [
            "+ create unlogged table p (", "+ ", "+ ) partition by RANGE (a);",
            "+ alter table p enable row level security;"]),
    ],
)  # fmt: skip
def test_one_object_that_changes(before: Object | None, after: Object | str | None, expected: list[str]) -> None:
    new = replace(before, definition=after) if before and isinstance(after, str) else after
    old, changed = [TABLE, *filter(None, [before])], [TABLE, *(row for row in [new] if isinstance(row, Object))]
    assert lines(tuple(old), tuple(changed)) == expected


def test_a_difference_as_json() -> None:
    (row,) = json.loads(changes_json(compare((TABLE, NOTE), (TABLE, replace(NOTE, definition="int\n\n")))))
    assert row == {
        "change": "changed", "kind": "column", "name": "public.t", "part": "note", "before": "text\n\n",
        "statements": ["alter table public.t alter column note type int;"],
    }  # fmt: skip


def rows(*found: Object) -> Rows:
    return Rows((Column("kind"),), tuple((row.kind, row.name, row.part, row.definition) for row in found))


def test_a_schema_is_read_page_by_page_in_one_transaction_that_is_rolled_back() -> None:
    full = rows(*(replace(TABLE, name=f"t{place:04}") for place in range(SHORT)))
    api = FakeDataApi(*[Rows()] * 3, full, rows(TABLE), *[rows()] * (len(QUERIES) - 1))
    assert len(read_schema(api, DATABASE)) == SHORT + 1
    asked = [sql for sql, _ in api.asked]
    assert (asked[0], asked[-1]) == ("begin", "rollback")
    assert "read only" in asked[1]
    assert [sql.rpartition("limit")[2] for sql in asked[4:7]] == [
        " 1000 offset 0",
        " 1000 offset 1000",
        " 1000 offset 0",
    ]


def test_a_transaction_is_rolled_back_after_an_error() -> None:
    api = FakeDataApi(Rows(), SqlError("no"))
    with pytest.raises(SqlError):
        read_schema(api, DATABASE)
    assert api.asked[-1][0] == "rollback"


def test_schemas_of_dsql_are_refused() -> None:
    with pytest.raises(InputError, match="Aurora DSQL"):
        read_schema(FakeDataApi(), replace(DATABASE, signed=True))
