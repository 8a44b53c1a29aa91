"""The load of databases over fakes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.model.database_metrics import LoadPart, Point
from aurora_cfn.model.rds_database import Endpoint, Instance
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.metrics.load import DSQL, LoadReader, not_known
from tests.fakes.clock import START, FakeClock
from tests.fakes.observations import FakeDatabaseLoad
from tests.fakes.rds import FakeDatabases

CLUSTER = Database("db-dev", "d", "", identifier="c")
BOX = Database("box-dev", "d", "", identifier="box", kind="db-instance")
SIGNED = Database("dsql-dev", "postgres", "", signed=True)
SINCE = START - timedelta(hours=24)
PARTS = [LoadPart("total", "", (Point(START, 2),)), LoadPart("wait", "CPU", (Point(START, 1),))]


def instance(name: str, days: int, cluster: str = "c") -> Instance:
    endpoint = Endpoint(resource_id=f"db-{name}")
    return Instance(name, "available", "aurora-postgresql", "17.7", cluster=cluster, endpoint=endpoint,
                    insights_days=days)  # fmt: skip


def reader(*instances: Instance) -> tuple[LoadReader, FakeDatabaseLoad]:
    clock = FakeClock()
    clock.sleep(60)
    load = FakeDatabaseLoad({"db-w": PARTS, "db-box": PARTS})
    return LoadReader(FakeDatabases(instances={row.identifier: row for row in instances}), load, clock), load


def test_each_instance_is_asked_for_by_its_resource_id() -> None:
    reading, load = reader(instance("w", 7), instance("r", 7), instance("box", 7, ""))
    found = reading.of([CLUSTER, BOX, SIGNED], 60)(SINCE)
    assert [(id_, since, period) for id_, since, _, period in load.calls] == [
        ("db-w", SINCE, 60), ("db-r", SINCE, 60), ("db-box", SINCE, 60),
    ]  # fmt: skip
    assert [(row.source, row.by, row.of) for row in found[0].series] == [("w", "total", ""), ("w", "wait", "CPU")]
    assert [row.notes for row in found] == [(), (), (DSQL,)]


@pytest.mark.parametrize(
    ("days", "age", "start", "noted"),
    [
        (7, 6, 6, False),
        (7, 7, 7, False),
        (7, 8, 7, True),
        (465, 30, 30, False),
    ],
)
def test_no_more_is_asked_for_than_is_kept(days: int, age: int, start: int, noted: bool) -> None:
    reading, load = reader(instance("w", days))
    now = reading.clock.now()
    (found,) = reading.of([CLUSTER], 3600)(now - timedelta(days=age))
    margin = timedelta(minutes=1) if noted else timedelta()
    assert load.calls[0][1] == found.since == now - timedelta(days=start) + margin
    assert any("DatabaseInsights" in note for note in found.notes) == noted


@pytest.mark.parametrize(
    ("database", "off", "where"),
    [
        (CLUSTER, instance("w", 0), "PerformanceInsightsEnabled: true of its AWS::RDS::DBCluster"),
        (BOX, instance("box", 0, ""), "EnablePerformanceInsights: true of its AWS::RDS::DBInstance"),
    ],
)
def test_off_names_what_turns_it_on(database: Database, off: Instance, where: str) -> None:
    reading, load = reader(off)
    with pytest.raises(InputError, match=f"off for {off.identifier}.*{where}") as refused:
        reading.of([database, SIGNED], 60)
    assert refused.value.exit_code == 3
    assert load.calls == []


def test_one_that_is_off_is_a_note_beside_the_others() -> None:
    reading, load = reader(instance("w", 7), instance("r", 0))
    (found,) = reading.of([CLUSTER], 60)(SINCE)
    assert [id_ for id_, *_ in load.calls] == ["db-w"]
    assert found.notes[0].startswith("Performance Insights is off for r,")


def test_what_is_not_known_has_its_reason() -> None:
    (note,) = not_known(CLUSTER, SINCE, START, 60).notes
    assert note == "load: not emulated; `aurora-cfn inspect ps` shows the sessions of the real server"
    assert not_known(replace(CLUSTER, engine="mysql"), SINCE, START, 60).notes == ("load: not emulated",)
    assert not_known(SIGNED, SINCE, START, 60).notes == (DSQL,)
    reading, _ = reader()
    assert reading.of([CLUSTER], 60)(SINCE)[0].series == ()
