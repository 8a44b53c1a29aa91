"""Checks over the Data API, and what their rows mean."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.errors import InputError, SqlError
from aurora_cfn.model.rows import Column, Rows
from aurora_cfn.operate.inspect.checks import CHECKS, GIB, MIB, Server, as_rows
from aurora_cfn.operate.inspect.queries import statements
from aurora_cfn.operate.inspect.read import Inspector, need_postgres
from aurora_cfn.report.inspection import inspected_json, verdict_lines
from tests.sql.fakes import DATABASE, FakeDataApi

SERVER = Rows((Column("major"), Column("has_statements"), Column("counted_since")), ((17, False, ""),))
DONE = Rows()
BLOCKER = {"pid": 7, "user": "app", "state": "idle in transaction", "blocks": 2, "longest_wait_s": 59}
TABLE = {"table": "public.t", "rows": 100_000, "dead": 0, "vacuumed": "never", "transactions": 5}
INDEX = {"table": "t", "index": "i", "bytes": 100 * MIB, "scans": 0, "valid": True, "needed": False}
SESSION = {"pid": 7, "user": "app", "state": "active", "transaction_s": 299}


@pytest.mark.parametrize(
    ("name", "rows", "grade", "text"),
    [
        ("blocking", [], "good", "no session waits"),
        ("blocking", [BLOCKER], "warn", "pid 7 (app, idle in transaction) blocks 2 sessions, the longest for 59 s"),
        ("blocking", [BLOCKER | {"longest_wait_s": 60}], "bad", "--kill 7"),
        ("locks", [{"granted": True}], "good", "1 strong or advisory lock held"),
        ("locks", [{"granted": False, "mode": "ShareLock", "pid": 7}], "warn", "first ShareLock by pid 7"),
        ("ps", [], "good", "0 sessions at work"),
        ("ps", [SESSION, SESSION | {"transaction_s": None}], "good", "2 sessions at work"),
        ("ps", [SESSION | {"transaction_s": 300}], "warn", "is 300 s old"),
        ("ps", [SESSION | {"transaction_s": 3600}], "bad", "pid 7 (app, active)"),
        ("outliers", [{"share": 61.2, "query": "select 1"}], "note", "61.2 % of the time is spent in: select 1"),
        ("outliers", [], "note", "no statement is counted yet"),
        ("calls", [{"calls": 5, "query": "select 1"}], "note", "5 times: select 1"),
        ("tables", [], "note", "there is no table"),
        ("tables", [{"table": "public.t", "total_bytes": 3 * GIB}], "note", "public.t: 3.0 GiB"),
        ("indexes", [INDEX | {"valid": False}], "bad", "i on t is invalid"),
        ("indexes", [INDEX], "warn", "i (100.0 MiB) was not used since May on this instance"),
        ("indexes", [INDEX | {"scans": 1}], "good", "no index is invalid"),
        ("indexes", [INDEX | {"needed": True}], "good", "no index is invalid"),
        ("indexes", [INDEX | {"bytes": 100 * MIB - 1}], "good", "no index is invalid"),
        ("bloat", [{"table": "t", "unused_bytes": GIB, "share": 50.0}], "warn", "about 1.0 GiB of t (50.0 %)"),
        ("bloat", [{"table": "t", "unused_bytes": GIB, "share": 49.9}], "good", "no table is estimated"),
        ("vacuum", [], "good", "no table has many dead rows"),
        ("vacuum", [TABLE | {"dead": 20_000}], "good", "no table has many dead rows"),
        ("vacuum", [TABLE | {"dead": 20_001}], "warn", "public.t has 20,001 dead rows beside 100,000, vacuumed: never"),
        ("vacuum", [TABLE | {"transactions": 500_000_000}], "warn", "500,000,000 transactions"),
        ("vacuum", [TABLE | {"transactions": 1_500_000_000}], "bad", "stops writing"),
        ("cache", [{"kind": "table", "hits": 9, "reads": 1}], "note", "too few"),
        ("cache", [{"kind": "table", "hits": 900_000, "reads": 99_000}], "good", "90.1 % of table blocks"),
        ("cache", [{"kind": "table", "hits": 899_000, "reads": 101_000}], "warn", "more capacity may help"),
        ("roles", [{"role": "boss", "member_of": "a rds_superuser"}], "note", "rds_superuser: boss"),
        ("slots", [], "good", "no replication slot"),
        ("slots", [{"slot": "s", "active": True}], "good", "all read"),
        ("slots", [{"slot": "s", "active": False, "kept_bytes": GIB}], "bad", "s has no reader and keeps 1.0 GiB"),
    ],
)
def test_what_rows_mean(name: str, rows: list[dict[str, Any]], grade: str, text: str) -> None:
    found = CHECKS[name].judge(rows, Server(17, counted_since="May"))
    assert found[0] == grade
    assert text in found[1]


@pytest.mark.parametrize(
    ("major", "columns"),
    [
        (12, ["total_time", "mean_time", "blk_read_time"]),
        (13, ["total_exec_time", "mean_exec_time", "blk_read_time"]),
        (16, ["total_exec_time", "mean_exec_time", "blk_read_time"]),
        (17, ["total_exec_time", "mean_exec_time", "shared_blk_read_time"]),
    ],
)
def test_columns_of_pg_stat_statements_are_those_of_the_version(major: int, columns: list[str]) -> None:
    text = statements(major, by_calls=False)
    assert all(f"round({name}" in text for name in columns)
    assert f"order by {columns[0]} desc" in text
    assert "order by calls desc" in statements(major, by_calls=True)


def test_checks_read_in_one_transaction_that_is_rolled_back() -> None:
    api = FakeDataApi(DONE, DONE, SERVER, Rows((Column("pid"),), ()))
    (found,) = Inspector(api, DATABASE).results([CHECKS["blocking"]])
    assert (found.name, found.grade) == ("blocking", "good")
    asked = [(sql.split("\n")[0], opened) for sql, opened in api.asked]
    assert asked[:3] == [
        ("begin", None), ("set transaction read only", "t1"), ("set local statement_timeout = '5s'", "t1"),
    ]  # fmt: skip
    assert {opened for _, opened in asked[1:]} == {"t1"}
    assert asked[-1][0] == "rollback"


def test_a_check_that_fails_is_a_note_and_the_others_go_on_in_a_new_transaction() -> None:
    refused = SqlError("canceling statement due to statement timeout")
    api = FakeDataApi(DONE, DONE, SERVER, refused, DONE, DONE, SERVER, Rows())
    found = list(Inspector(api, DATABASE).results([CHECKS["bloat"], CHECKS["slots"]]))
    assert [(row.name, row.grade) for row in found] == [("bloat", "note"), ("slots", "good")]
    assert found[0].text == "not read: canceling statement due to statement timeout"
    assert [sql for sql, _ in api.asked].count("begin") == 2


def test_a_missing_extension_is_named() -> None:
    (found,) = Inspector(FakeDataApi(DONE, DONE, SERVER), DATABASE).results([CHECKS["outliers"]])
    assert found.text == "pg_stat_statements is not created in temporal: create extension pg_stat_statements"


def test_counters_of_this_database_are_reset_where_there_are_any() -> None:
    api = FakeDataApi(DONE, DONE, SERVER)
    with pytest.raises(InputError, match="create extension pg_stat_statements"):
        Inspector(api, DATABASE).reset_statements()
    counted = replace(SERVER, rows=((17, True, ""),))
    api = FakeDataApi(DONE, DONE, counted, DONE)
    Inspector(api, DATABASE).reset_statements()
    assert [opened for sql, opened in api.asked if "pg_stat_statements_reset" in sql] == [None]


@pytest.mark.parametrize(("more", "name"), [({"engine": "mysql"}, "MySQL"), ({"signed": True}, "Aurora DSQL")])
def test_only_postgresql_is_inspected(more: dict[str, Any], name: str) -> None:
    with pytest.raises(InputError, match=name):
        need_postgres(replace(DATABASE, **more))


def test_results_as_lines_and_as_json() -> None:
    rows = Rows((Column("pid", "int4"), Column("user")), ((7, "app"),))
    api = FakeDataApi(DONE, DONE, SERVER, Rows(), Rows())
    found = [replace(row, rows=rows) for row in Inspector(api, DATABASE).results([CHECKS["slots"], CHECKS["ps"]])]
    assert verdict_lines(found, 80) == (
        "good  slots  there is no replication slot\n"
        "good  ps     0 sessions at work, no transaction is older than 300 s\n"
    )
    assert inspected_json(found).startswith(
        '[{"check": "slots", "grade": "good", "text": "there is no replication slot", '
        '"rows": [{"pid": 7, "user": "app"}]},\n'
    )
    assert as_rows(rows) == [{"pid": 7, "user": "app"}]
