"""Transactions of DSQL: no statement waits, the first commit wins, and the later one learns of it at its commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.local.dsql.catalogue import Catalogue
from aurora_cfn.local.dsql.statements import in_private_copy, read_statement
from tests.local.dsql.conftest import Client, Connect

CONFLICT = "40001 change conflicts with another transaction, please retry: (OC000)"
OUTDATED = "40001 schema has been updated by another transaction, please retry: (OC001)"


@pytest.mark.parametrize(
    ("sql", "kind", "tables"),
    [
        ("select 1", "read", ()),
        ("-- x\nBEGIN isolation level repeatable read", "begin", ()),
        ("start transaction", "begin", ()),
        ("commit;", "commit", ()),
        ("END", "commit", ()),
        ("rollback", "rollback", ()),
        ("create table t (id int)", "ddl", ()),
        ("insert into T values (1)", "write", ('"t"',)),
        ('insert into public."T" values (1) on conflict do update set a = 1', "write", ('"public"."T"',)),
        ("update only t set a = 1", "write", ('"t"',)),
        ("delete from s.t where x = 'for update'", "write", ('"s"."t"',)),
        ("with n as (insert into a values (1) returning *) update b set x = 1", "write", ('"a"', '"b"')),
        ("select * from t join u using (id) for update", "write", ('"t"', '"u"')),
        ("select * from t for key share of t", "write", ('"t"',)),
        ("select 'for update' from t", "read", ()),
        ("insert into t values (1); select 1", "several", ()),
        ("", "read", ()),
    ],
)
def test_statements_are_distinguished(sql: str, kind: str, tables: tuple[str, ...]) -> None:
    found = read_statement(sql)
    assert (found.kind, found.tables) == (kind, tables)


@pytest.mark.parametrize(
    ("sql", "uses"),
    [
        ("select * from public.t join u on true", {'"t"', '"u"'}),
        ("insert into t select * from u", {'"t"', '"u"'}),
        ("create table t (id int)", set()),
        ("create table if not exists t (id int references u on delete cascade)", set()),
        ("alter table if exists only s.t add column a int", {'"t"'}),
        ("drop table if exists t", {'"t"'}),
        ("create unique index async i on t (a)", {'"t"'}),
        ("grant select on table t to api", {'"t"'}),
        ("select 1", set()),
    ],
)
def test_the_tables_that_a_statement_uses_or_changes(sql: str, uses: set[str]) -> None:
    assert read_statement(sql).uses == uses


def test_a_session_is_shown_once_of_each_change(tmp_path: Path) -> None:
    mine, other = Catalogue(tmp_path), Catalogue(tmp_path)
    assert not mine.use(["t"])
    other.change(["t"])
    assert not other.use(["t"])
    assert [mine.use(["t"]), mine.use(["t"]), Catalogue(tmp_path).use(["t"])] == [True, False, False]
    other.change(["t", "u"])
    assert not mine.use(["u"])
    mine.refresh()
    assert not mine.use(["t"])


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select * from public.t", 'select * from pg_temp."t"'),
        ('select * from "public" . "t", public.tt', 'select * from pg_temp."t", public.tt'),
        ("select * from t", "select * from t"),
        ("select x.public.t", 'select x.pg_temp."t"'),
    ],
)
def test_qualified_names_lead_to_the_private_copy(sql: str, expected: str) -> None:
    assert in_private_copy(sql, ["public.t"]) == expected


@pytest.fixture
def table(one: Client) -> str:
    one("drop table if exists stock")
    one("create table stock (id int primary key, n int, note text)")
    one("insert into stock select g, 10 from generate_series(1, 5) g")
    return "stock"


@pytest.mark.slow
@pytest.mark.usefixtures("table")
class TestConflicts:
    def test_the_first_commit_wins_and_the_later_one_is_refused(self, one: Client, two: Client) -> None:
        for client in (one, two):
            assert client("begin") == -1
            assert client("update stock set n = n - 1 where id = 1") == 1
            assert client("select n from stock where id = 1") == [(9,)]
        assert one("commit") == -1
        assert two("commit") == CONFLICT
        assert two("select n from stock where id = 1") == [(9,)]
        assert two("update stock set n = n - 1 where id = 1") == 1  # the retry
        assert one("select n from stock where id = 1") == [(8,)]

    def test_the_later_statement_may_commit_first(self, one: Client, two: Client) -> None:
        for client in (one, two):
            client("begin")
            client("update stock set n = n - 1 where id = 1")
        assert two("commit") == -1
        assert one("select count(*) from stock") == [(5,)]
        assert one("commit") == CONFLICT
        assert one("select n from stock where id = 1") == [(9,)]

    def test_a_rollback_of_the_other_one_leaves_no_conflict(self, one: Client, two: Client) -> None:
        for client in (one, two):
            client("begin")
            client("update stock set n = n - 1, note = 'x' where id = 1")
        assert one("rollback") == -1
        assert two("commit") == -1
        assert one("select n, note from stock where id = 1") == [(9, "x")]

    def test_other_rows_do_not_conflict(self, one: Client, two: Client) -> None:
        for number, client in enumerate((one, two), 1):
            client("begin")
            assert client("update stock set n = 0 where id = %s", number) == 1
        assert (one("commit"), two("commit")) == (-1, -1)
        assert one("select count(*) from stock where n = 0") == [(2,)]

    def test_a_single_statement_wins_over_an_open_transaction(self, one: Client, two: Client) -> None:
        one("begin")
        one("update stock set n = 1 where id = 1")
        assert two("update stock set n = 2 where id = 1") == 1
        assert one("commit") == CONFLICT
        assert one("select n from stock where id = 1") == [(2,)]

    def test_a_snapshot_stays_what_it_was(self, one: Client, two: Client) -> None:
        one("begin")
        assert one("select n from stock where id = 1") == [(10,)]
        two("update stock set n = 3 where id = 1")
        assert one("select n from stock where id = 1") == [(10,)]
        assert one("update stock set n = n + 1 where id = 1 returning n") == [(11,)]
        assert one("commit") == CONFLICT
        assert one("show transaction isolation level") == [("repeatable read",)]

    def test_rows_read_for_update_conflict_too(self, one: Client, two: Client) -> None:
        one("begin")
        assert one("select n from stock where id = 1 for update") == [(10,)]
        two("begin")
        assert two("select n from public.stock where id = 1 for update") == [(10,)]
        assert two("update stock set n = 5 where id = 1") == 1
        assert two("commit") == -1
        assert one("insert into stock values (6, 1)") == 1
        assert one("commit") == CONFLICT

    def test_two_inserts_of_one_key(self, one: Client, two: Client) -> None:
        for client in (one, two):
            client("begin")
            assert client("insert into stock values (7, 7)") == 1
        assert (one("commit"), two("commit")) == (-1, CONFLICT)
        assert two("insert into stock values (7, 7)").startswith("23505 duplicate key")

    def test_deletes_and_inserts_in_a_private_copy_are_written_back(self, one: Client, two: Client) -> None:
        one("begin")
        one("update stock set n = 0 where id = 1")
        two("begin")
        assert two("update stock set n = 2 where id = 1") == 1
        assert two("delete from stock where id = 2") == 1
        assert two("insert into stock (id, n) values (8, 8) returning id") == [(8,)]
        one("rollback")
        assert two("commit") == -1
        assert one("select id, n from stock order by id") == [(1, 2), (3, 10), (4, 10), (5, 10), (8, 8)]

    def test_a_hot_row_with_retries_loses_nothing(self, connect: Connect) -> None:
        clients = [connect() for _ in range(3)]
        done = 0
        while done < 6:
            for client in clients:
                client("begin")
                client("update stock set n = n + 1 where id = 5")
            done += sum(client("commit") == -1 for client in clients)
        assert clients[0]("select n from stock where id = 5") == [(10 + done,)]

    def test_a_change_of_the_schema_ends_what_is_open(self, one: Client, two: Client) -> None:
        one("begin")
        one("select * from stock")
        assert two("alter table stock add column more text") == -1
        assert one("insert into stock values (9, 9)").startswith("40001 schema has been updated")
        assert one("select count(*) from stock") == [(5,)]

    def test_a_session_that_knows_an_older_table_fails_once(self, one: Client, two: Client) -> None:
        two("select * from stock")
        one("alter table stock add column late int")
        assert two("insert into stock (id, n) values (11, 1)") == OUTDATED
        assert two("insert into stock (id, n) values (11, 1)") == 1
        one("alter table stock add column later int")
        two("begin")
        assert two("select count(*) from stock") == OUTDATED
        assert two("select 1").startswith("25P02")
        two("rollback")
        assert two("select count(*) from stock") == [(6,)]

    def test_a_failed_statement_fails_the_transaction(self, one: Client) -> None:
        one("begin")
        one("insert into stock values (10, 1)")
        assert one("insert into stock values (1, 1)").startswith("23505")
        assert one("select 1").startswith("25P02")
        one("rollback")
        assert one("select count(*) from stock where id = 10") == [(0,)]
