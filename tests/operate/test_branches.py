"""Branches: their names, ends and cost, and how they are cut off from production."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aurora_cfn.errors import InputError, SqlError
from aurora_cfn.model.branch import KEPT_OF, Branch, BranchEnd, StackEnd
from aurora_cfn.model.database_copy import CopyStack
from aurora_cfn.model.rows import Column, Rows
from aurora_cfn.model.stack import Stack
from aurora_cfn.operate.branches.expiry import Expiry, parsed
from aurora_cfn.operate.branches.isolate import isolate
from aurora_cfn.operate.branches.low_cost import CLONES, branch_parameters, chain_warning
from aurora_cfn.operate.branches.overview import branch_name, branches, clone_source, listed, schedule_name, suffix_of
from tests.fakes.branches import FakeStackEnds
from tests.sql.fakes import DATABASE, FakeDataApi

NOW = datetime(2026, 11, 28, 12, 0, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize("name", ["pr-812", "a", "2", "a-b-c"])
def test_names_of_branches(name: str) -> None:
    assert suffix_of(name) == f"branch-{name}"
    assert branch_name(suffix_of(name)) == name


@pytest.mark.parametrize("name", ["", "-a", "a-", "a--b", "PR-1", "a_b", "a/b", "*"])
def test_what_is_no_name_of_a_branch(name: str) -> None:
    with pytest.raises(InputError, match=r"single hyphens, as in pr-812"):
        suffix_of(name)


def test_schedules_have_short_names_that_differ() -> None:
    long = f"{'a' * 60}-branch-"
    assert schedule_name("db-dev-branch-x") == "db-dev-branch-x"
    assert len(schedule_name(f"{long}1")) == 64
    assert schedule_name(f"{long}1") != schedule_name(f"{long}2")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("never", None),
        ("3d", "2026-12-01 12:00"),
        ("12h", "2026-11-29 00:00"),
        ("1w", "2026-12-05 12:00"),
        ("90m", "2026-11-28 13:30"),
        ("2026-12-01", "2026-12-02 00:00"),
        ("2026-12-01 16:20", "2026-12-01 16:20"),
        ("2026-12-01 16:20 UTC", "2026-12-01 16:20"),
        ("2026-12-01T16:20:45Z", "2026-12-01 16:20"),
        ("2026-12-01T16:20+02:00", "2026-12-01 14:20"),
    ],
)
def test_ends_that_are_understood(text: str, moment: str | None) -> None:
    found = parsed(text).moment(NOW)
    assert (f"{found:%Y-%m-%d %H:%M}" if found else None) == moment


@pytest.mark.parametrize("text", ["", "3", "3y", "-3d", "tomorrow", "2026-13-01", "1.5d"])
def test_ends_that_are_not_understood(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parsed(text)


@pytest.mark.parametrize(("text", "why"), [("4m", "is past"), ("2026-11-27", "is past"), ("53w", "more than a year")])
def test_ends_that_are_refused(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        parsed(text).moment(NOW)


def test_a_branch_without_an_end_has_none() -> None:
    assert Expiry().moment(NOW) is None


def test_a_branch_costs_little_and_its_stack_makes_no_role() -> None:
    found = branch_parameters("production-db", "branch-x", 2)
    assert found["ClusterName"] == "production-db-branch-x"
    wanted = {"AutoPause": "true", "Readers": "0", "MonitoringInterval": "0", "SubnetGroupName": "", "MaxCapacity": "2"}
    assert wanted.items() <= found.items()


@pytest.mark.parametrize(("clones", "warned"), [(0, False), (CLONES - 1, False), (CLONES, True), (40, True)])
def test_a_long_group_of_clones_is_warned_of(clones: int, warned: bool) -> None:
    assert bool(chain_warning("db", clones)) == warned


def copy(kind: str = "branch", **more: object) -> CopyStack:
    stack = Stack("arn:1", "db-dev-branch-x", "CREATE_COMPLETE", created=NOW - DAY)
    return CopyStack(replace(stack, **more), kind, "db-dev")  # type: ignore[arg-type] # both are checked by the tests


@pytest.mark.parametrize(
    ("end", "status", "expected"),
    [
        (StackEnd("arn:1", NOW + DAY), "CREATE_COMPLETE", "scheduled"),
        (StackEnd("arn:1", None), "CREATE_COMPLETE", "never"),
        (StackEnd("arn:1", NOW - DAY), "CREATE_COMPLETE", "overdue"),
        (StackEnd("arn:1", NOW - DAY), "DELETE_IN_PROGRESS", "scheduled"),
        # The schedule of a deleted branch whose name is used again.
        (StackEnd("arn:0", NOW + DAY), "CREATE_COMPLETE", "overdue"),
        (None, "DELETE_FAILED", "overdue"),
    ],
)
def test_the_end_of_a_branch(end: StackEnd | None, status: str, expected: BranchEnd) -> None:
    ends = FakeStackEnds(**({"db-dev-branch-x": end} if end else {}))
    (found,) = branches([copy(status=status), copy("restore")], ends, NOW)
    assert (found.name, found.end) == ("x", expected)
    assert branches([copy()], None, NOW)[0].end == "none"


@pytest.mark.parametrize("cluster", ["db", "db-branch-a"])
def test_a_branch_is_made_again_of_what_it_was_made_of(cluster: str) -> None:
    stack = Stack("db-dev-branch-a", "arn:s", "CREATE_COMPLETE", parameters={"ClusterName": "db-branch-a"})
    there = [Branch("a", "db-dev", stack, "never")]
    assert clone_source(cluster, "db", there) == cluster
    with pytest.raises(InputError, match="clone of db-branch-b, which no branch has any more"):
        clone_source("db-branch-b", "db", there)


def test_branches_as_rows() -> None:
    found = branches([copy()], FakeStackEnds(**{"db-dev-branch-x": StackEnd("arn:1", NOW + DAY)}), NOW)
    rows = listed(found, NOW, 0.4)
    assert dict(zip([column.name for column in rows.columns], rows.rows[0], strict=True)) == {
        "branch": "x", "of": "db-dev", "status": "CREATE_COMPLETE", "created": "2026-11-27 12:00Z", "age_days": 1.0,
        "ends": "2026-11-29 12:00 UTC", "paused_usd_month": 0.4, "stack": "db-dev-branch-x",
        "kept_of": None,
    }  # fmt: skip


def test_a_branch_that_keeps_the_state_of_another_says_so() -> None:
    found = branches([copy(tags={KEPT_OF: "pr-1"})], None, NOW)
    assert listed(found, NOW, None).rows[0][-1] == "pr-1"


@pytest.mark.parametrize(("keep", "touched"), [(False, True), (True, False)])
def test_a_branch_of_postgresql_is_isolated_in_one_transaction(keep: bool, touched: bool) -> None:
    api = FakeDataApi()
    isolate(api, DATABASE, keep_logins=keep)
    asked = [sql for sql, _ in api.asked]
    assert (asked[0], asked[-1]) == ("begin", "commit")
    assert {opened for _, opened in api.asked[1:]} == {"t1"}
    assert any("nologin password null" in sql for sql in asked) == touched
    for word in ("alter subscription", "drop user mapping", "cron.job"):
        assert any(word in sql for sql in asked)


def test_a_branch_that_cannot_be_isolated_is_left_as_it_was() -> None:
    api = FakeDataApi(Rows(), SqlError("permission denied"))
    with pytest.raises(SqlError):
        isolate(api, DATABASE)
    assert api.asked[-1] == ("rollback", "t1")


def test_accounts_and_events_of_mysql_are_switched_off() -> None:
    events = Rows((Column("event_schema"), Column("event_name")), (("shop", "nightly`s"),))
    found = Rows((Column("user"), Column("host")), (("app", "%"), ("o'neill", "10.0.0.\\1")))
    api = FakeDataApi(events, found)
    isolate(api, replace(DATABASE, engine="mysql"))
    assert [sql for sql, _ in api.asked[2:]] == [
        "alter event `shop`.`nightly``s` disable", "alter user 'app'@'%' account lock",
        "alter user 'o''neill'@'10.0.0.\\\\1' account lock",
    ]  # fmt: skip
    kept = FakeDataApi(Rows())
    isolate(kept, replace(DATABASE, engine="mysql"), keep_logins=True)
    assert len(kept.asked) == 1
