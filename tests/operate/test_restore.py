"""Which time can be restored, and what is said about the writes that will be missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aurora_cfn.errors import AwsError, InputError, SqlError
from aurora_cfn.model.database_copy import CopySource
from aurora_cfn.model.rds_database import AutomatedBackups, Cluster, DatabaseSnapshot
from aurora_cfn.model.rows import Cell, Column, Database, Rows
from aurora_cfn.operate.restore import answers, at_time, check_fits, compared, from_snapshot, newer_version, one_line
from tests.sql.fakes import FakeDataApi

NOW = datetime(2026, 11, 28, 16, 16, tzinfo=UTC)
FIRST, LAST = datetime(2026, 10, 29, 2, 11, tzinfo=UTC), NOW - timedelta(minutes=4)
CLUSTER = Cluster("db", "arn", "available", "aurora-postgresql", "17.7", restorable_from=FIRST, restorable_to=LAST)
SNAPSHOT = DatabaseSnapshot("before", "arn", "db", "available", created=NOW - timedelta(hours=3))
WINDOW = "db can be restored from 2026-10-29 02:11:00 UTC to 2026-11-28 16:12:00 UTC"


@pytest.mark.parametrize(
    ("at", "time", "said"),
    [
        (None, "", "the copy will not have the writes after that time"),
        (datetime(2026, 11, 28, 13, 55, tzinfo=UTC), "2026-11-28T13:55:00Z", "the writes of the last 2h21m"),
        (LAST, "2026-11-28T16:12:00Z", "the writes of the last 4m"),
        (FIRST, "2026-10-29T02:11:00Z", "the writes of the last"),
    ],
)
def test_a_time_that_rds_can_restore(at: datetime | None, time: str, said: str) -> None:
    plan = at_time(CLUSTER, at, NOW, local=False)
    assert plan.source == CopySource(cluster="db", to_time=time)
    assert plan.lines[0].startswith(WINDOW)
    assert said in plan.lines[1]


@pytest.mark.parametrize(
    ("at", "local", "said"),
    [
        (FIRST - timedelta(seconds=1), False, f"{WINDOW}; asked: 2026-10-29 02:10:59 UTC"),
        (NOW, False, f"{WINDOW}; asked: 2026-11-28 16:16:00 UTC"),
        (NOW + timedelta(minutes=1), False, f"2026-11-28 16:17:00 UTC is in the future; {WINDOW}"),
        (NOW + timedelta(minutes=1), True, "is in the future"),
        (LAST, True, "the emulator keeps no history"),
    ],
)
def test_a_time_that_cannot_be_restored_is_refused_with_the_window(at: datetime, local: bool, said: str) -> None:
    with pytest.raises(InputError, match=said):
        at_time(CLUSTER, at, NOW, local=local)


def test_a_snapshot_says_when_it_was_taken() -> None:
    plan = from_snapshot(SNAPSHOT, NOW)
    assert plan.source == CopySource(snapshot="before")
    assert "was taken at 2026-11-28 13:16:00 UTC" in plan.lines[0]
    assert "the writes of the last 3h" in plan.lines[1]


@pytest.mark.parametrize(
    ("snapshot", "said"),
    [
        (replace(SNAPSHOT, status="creating"), "is creating: it cannot be restored yet"),
        (replace(SNAPSHOT, kind="db-instance"), "a snapshot of an instance"),
    ],
)
def test_a_snapshot_that_cannot_be_restored(snapshot: DatabaseSnapshot, said: str) -> None:
    with pytest.raises(InputError, match=said):
        from_snapshot(snapshot, NOW)


FITS = replace(SNAPSHOT, encrypted=True, engine="aurora-postgresql", version="17.7")
BACKUPS = AutomatedBackups("cluster-1", "db", engine="aurora-mysql")


@pytest.mark.parametrize(
    ("data", "engine", "key", "said"),
    [
        (FITS, "postgresql", "", ""),
        (replace(FITS, engine="postgres"), "postgresql", "", ""),
        (replace(FITS, engine=""), "mysql", "", ""),  # not known
        (FITS, "", "", ""),
        (replace(FITS, encrypted=False), "postgresql", "alias/own", ""),
        (replace(FITS, encrypted=False), "postgresql", "", "the data are not encrypted"),
        (FITS, "mysql", "", "before: the engine is aurora-postgresql, and the template's is mysql"),
        (BACKUPS, "mysql", "", ""),
        (BACKUPS, "postgresql", "", "the backups of db: the engine is aurora-mysql"),
    ],
)
def test_data_that_do_not_fit_the_template(
    data: AutomatedBackups | DatabaseSnapshot, engine: str, key: str, said: str
) -> None:
    if not said:
        check_fits(data, engine, key)
        return
    with pytest.raises(InputError, match=said):
        check_fits(data, engine, key)


@pytest.mark.parametrize(
    ("data", "stack", "version"),
    [
        ("17.7", "17.7", ""),
        ("17.5", "17.7", ""),  # upgraded by the restore
        ("17.9", "17.7", "17.9"),  # RDS had upgraded the database by itself
        ("17.9", "17", ""),
        ("18.1", "17.7", "18.1"),
        ("", "17.7", ""),
        ("17.9", "", ""),
    ],
)
def test_a_copy_is_no_older_than_its_snapshot(data: str, stack: str, version: str) -> None:
    assert newer_version("postgresql", data, stack) == version
    assert from_snapshot(replace(SNAPSHOT, version=data), NOW).version == data


@pytest.mark.parametrize(
    ("rows", "text"),
    [(((12,),), "12"), (((1, None, "x"),), "1, NULL, x"), ((), "0 rows"), (((1,), (2,)), "2 rows")],
)
def test_the_answer_of_a_check_in_one_line(rows: tuple[tuple[Cell, ...], ...], text: str) -> None:
    assert one_line(Rows((Column("a"),), rows)) == text


def test_a_statement_that_is_refused_is_an_answer_and_the_next_one_is_asked() -> None:
    """The table that was dropped is only in the copy: that is what the comparison shall show."""
    database = Database("db-dev", "orders", "arn:1", identifier="db", engine="mysql")
    api = FakeDataApi(SqlError("ERROR: no such table", sqlstate="42P01"), Rows((Column("a"),), ((12,),)))
    assert answers(api, database, ["select 1", "select 2"]) == ["refused: ERROR: no such table", "12"]
    assert [asked for asked, _ in api.asked] == ["begin", "select 1", "rollback", "begin", "select 2", "rollback"]
    with pytest.raises(AwsError):
        answers(FakeDataApi(AwsError("unreachable")), database, ["select 1"])


def test_original_and_copy_stand_side_by_side() -> None:
    mine = Database("db-dev", "orders", "arn:1", identifier="db", host="h1")
    other = replace(mine, stack="db-dev-r1", secret_arn="arn:2", identifier="db-r1", host="h2")
    rows = compared(mine, other, ["select 1"], [("12", "11")]).rows
    assert (rows[0], rows[-1]) == (("stack", "db-dev", "db-dev-r1"), ("select 1", "12", "11"))
