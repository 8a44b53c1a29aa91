"""Which log group a database has, and how it is read and followed."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

import pytest

from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.model.log_event import LogEvent
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.log_groups import EVERY, LogReader, log_group
from tests.fakes.clock import START, FakeClock
from tests.fakes.observations import FakeLogEvents

CLUSTER = Database("db-dev", "t", "", identifier="db-dev-cluster")
MYSQL = Database("db-dev", "t", "", identifier="m", engine="mysql")
INSTANCE = Database("db-dev", "t", "", identifier="pg", kind="db-instance")


def event(number: int, second: float) -> LogEvent:
    return LogEvent(str(number), START + timedelta(seconds=second), "w", f"line {number}")


@pytest.mark.parametrize(
    ("database", "kind", "group"),
    [
        (CLUSTER, None, "/aws/rds/cluster/db-dev-cluster/postgresql"),
        (CLUSTER, "instance", "/aws/rds/cluster/db-dev-cluster/instance"),
        (INSTANCE, None, "/aws/rds/instance/pg/postgresql"),
        (MYSQL, None, "/aws/rds/cluster/m/error"),
        (MYSQL, "slowquery", "/aws/rds/cluster/m/slowquery"),
    ],
)
def test_the_group_of_a_database(database: Database, kind: str | None, group: str) -> None:
    assert log_group(database, kind) == group


@pytest.mark.parametrize(
    ("database", "kind", "message"),
    [
        (CLUSTER, "slowquery", "has no log slowquery; it has: postgresql, instance, iam-db-auth-error$"),
        (INSTANCE, "instance", "has no log instance; it has: postgresql, iam-db-auth-error, upgrade$"),
        (MYSQL, "postgresql", "has no log postgresql; it has: error"),
        (Database("d", "postgres", "", signed=True), None, "Aurora DSQL"),
    ],
)
def test_a_log_that_there_is_not(database: Database, kind: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        log_group(database, kind)


def test_all_pages_are_read_also_after_an_empty_one() -> None:
    logs = FakeLogEvents({"/g": [event(1, -9), event(2, -8), event(3, 1), event(4, 2)]}, size=2)
    clock = FakeClock()
    assert [row.id for row in LogReader(logs, "/g", clock).history(START)] == ["3", "4"]
    assert (logs.calls, clock.sleeps) == (["", "2"], [])


def test_a_group_that_is_missing_is_named_with_the_property_that_makes_it() -> None:
    with pytest.raises(InputError, match=r"no log group /a/postgresql.*EnableCloudwatchLogsExports: \[postgresql\]"):
        list(LogReader(FakeLogEvents(), "/a/postgresql", FakeClock()).history(START))


def test_following_prints_each_event_once_also_a_late_one_with_one_call_each_turn() -> None:
    rows = [event(1, 1), event(2, 60)]
    logs, clock = FakeLogEvents({"/g": rows}), FakeClock()
    turns = LogReader(logs, "/g", clock).follow(START)
    assert [row.id for row in next(turns)] == ["1", "2"]
    assert list(next(turns)) == []
    rows += [event(3, 61), event(4, 20)]
    assert [row.id for row in next(turns)] == ["3", "4"]
    assert list(next(turns)) == []
    assert (len(logs.calls), clock.sleeps) == (4, [EVERY] * 3)


def test_following_goes_through_pages_one_a_turn_and_over_a_throttled_call() -> None:
    slow_down = AwsError("slow down", code="ThrottlingException")
    logs = FakeLogEvents({"/g": [event(1, 1), event(2, 2), event(3, 3)]}, size=1, trouble=[None, slow_down])
    clock = FakeClock()
    turns = list(islice(LogReader(logs, "/g", clock).follow(START), 5))
    assert [[row.id for row in turn] for turn in turns] == [["1"], [], ["2"], ["3"], []]
    assert logs.calls == ["", "1", "1", "2", ""]
    assert set(clock.sleeps) == {EVERY}


def test_following_waits_for_a_group_and_ends_with_a_refusal() -> None:
    logs = FakeLogEvents(trouble=[None, AwsError("no", code="AccessDeniedException")])
    turns = LogReader(logs, "/g", FakeClock()).follow(START)
    assert list(next(turns)) == []
    with pytest.raises(AwsError, match="no"):
        next(turns)
