"""Metrics of databases over fakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.cli.commands.metrics import NAMES, USUAL
from aurora_cfn.facts.prices import price_list
from aurora_cfn.model.database_metrics import Metric, Point
from aurora_cfn.model.rds_database import CapacityRange, Cluster
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.metrics.reader import MetricsReader, known_databases
from aurora_cfn.operate.metrics.wanted import KINDS, asked
from tests.fakes.clock import START, FakeClock
from tests.fakes.observations import FakeMetrics
from tests.fakes.rds import FakeDatabases

CLUSTER = Database("db-dev", "d", "", identifier="c")
INSTANCE = Database("box-dev", "d", "", identifier="box", kind="db-instance")
DSQL = Database("dsql-dev", "postgres", "", signed=True)
SINCE = START - timedelta(hours=24)


def line(*values: float) -> list[Point]:
    length = 24 * 3600 // 300
    return [Point(SINCE + timedelta(seconds=300 * n), values[n * len(values) // length]) for n in range(length)]


class CountedMetrics(FakeMetrics):
    """Keeps what each call asked for."""

    asked: list[Sequence[Metric]]

    def metric_points(self, metrics: Sequence[Metric], **times: object) -> Sequence[Sequence[Point]]:
        self.asked = [*getattr(self, "asked", []), metrics]
        return super().metric_points(metrics, **times)  # type: ignore[arg-type]


def reader(points: dict[Metric, list[Point]], storage: str = "") -> tuple[MetricsReader, CountedMetrics]:
    cluster = Cluster("c", "arn", "available", "aurora-postgresql", "17.7", instances=("w", "r"),
                      capacity=CapacityRange(0, 8, 300), storage=storage)  # fmt: skip
    metrics = CountedMetrics(points)
    return MetricsReader(FakeDatabases(clusters={"c": cluster}), metrics, FakeClock(), price_list("us-east-1")), metrics


POINTS: dict[Metric, list[Point]] = {
    Metric("ServerlessDatabaseCapacity", "db-instance", "w"): line(0, 4),
    Metric("ServerlessDatabaseCapacity", "db-instance", "r"): line(0, 2),
    Metric("DatabaseConnections", "db-instance", "box", "Maximum"): line(3),
    Metric("VolumeBytesUsed", "db-cluster", "c", "Maximum"): line(2**31),
}


def test_one_call_reads_all_databases() -> None:
    reading, metrics = reader(POINTS)
    found = reading.read(known_databases(reading.rds, [CLUSTER, INSTANCE, DSQL]), SINCE, 300)
    assert len(metrics.asked) == 1
    assert [row.database for row in found] == ["c", "box", "dsql-dev"]
    cluster, box, dsql = found
    assert [(row.name, row.source) for row in cluster.series if row.points] == [
        ("capacity", "w"), ("capacity", "r"), ("storage", "c"),
    ]  # fmt: skip
    assert cluster.series[-3].points[0].value == 2  # GiB
    assert (cluster.pauses, cluster.paused) == (1, 12 * 3600)
    assert [row.setting for row in cluster.advice] == ["MaxCapacity"]
    assert {row.name for row in box.series} == set(USUAL) - {"storage", "reads", "writes"}
    assert (box.capacity, box.advice, dsql.series) == (None, (), ())
    assert "AWS/AuroraDSQL" in dsql.notes[0]


def test_names_limit_what_is_asked_and_then_nothing_is_advised() -> None:
    reading, metrics = reader(POINTS)
    (found,) = reading.read(known_databases(reading.rds, [CLUSTER]), SINCE, 300, ["connections"])
    assert [metric.identifier for metric in metrics.asked[0]] == ["w", "r"]
    assert found.advice == ()


def test_an_old_time_has_longer_periods() -> None:
    reading, metrics = reader({})
    (found,) = reading.read(known_databases(reading.rds, [CLUSTER]), START - timedelta(days=20), 60)
    assert (found.period, metrics.periods) == (300, [300])


@pytest.mark.parametrize(("storage", "item"), [("", "acu_hour"), ("aurora-iopt1", "acu_hour_io_optimized")])
def test_the_cost_of_the_month_takes_one_more_call(storage: str, item: str) -> None:
    reading, metrics = reader(POINTS, storage)
    known = known_databases(reading.rds, [CLUSTER, DSQL])
    cluster, dsql = reading.with_cost(known, reading.read(known, SINCE, 300))
    assert len(metrics.asked) == 2
    assert dsql.cost is None
    assert cluster.cost is not None
    assert cluster.cost.acu_hours == {"w": pytest.approx(48), "r": pytest.approx(24)}
    price = reading.prices.get(item)
    assert price is not None
    assert cluster.cost.acu_dollars == price.dollars


def test_the_command_takes_every_metric_by_its_name() -> None:
    assert tuple(KINDS) == NAMES
    assert {row.name for row in asked(CLUSTER, ["w"])} == set(USUAL)
    assert [row.metric.name for row in asked(CLUSTER, ["w"], ["lag"])] == ["AuroraReplicaLag"]


def test_latencies_of_the_storage_are_in_milliseconds_as_that_of_a_commit() -> None:
    read = Metric("ReadLatency", "db-instance", "w")
    reading, _ = reader({read: line(0.0021)})
    (found,) = reading.read(known_databases(reading.rds, [CLUSTER]), SINCE, 300, ["read-latency", "write-latency"])
    assert [(row.name, row.unit, [round(point.value, 3) for point in row.points[:1]]) for row in found.series] == [
        ("read-latency", "ms a read", [2.1]), ("read-latency", "ms a read", []),
        ("write-latency", "ms a write", []), ("write-latency", "ms a write", []),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("database", "name", "note"),
    [
        (CLUSTER, "attempts", "only MySQL publishes ConnectionAttempts: with log_connections = 1"),
        (replace(CLUSTER, engine="mysql"), "transactions", "only PostgreSQL publishes MaximumUsedTransactionIDs"),
        (INSTANCE, "backups", "only an Aurora cluster publishes BackupRetentionPeriodStorageUsed"),
        (INSTANCE, "storage", "only an Aurora cluster publishes VolumeBytesUsed"),
    ],
)
def test_what_a_database_does_not_publish_is_said_and_not_asked(database: Database, name: str, note: str) -> None:
    reading, metrics = reader(POINTS)
    (found,) = reading.read(known_databases(reading.rds, [database]), SINCE, 300, [name])
    assert (found.series, getattr(metrics, "asked", [])) == ((), [])
    assert found.notes[0].startswith(f"{name}: {note}")
    (other,) = reading.read(known_databases(reading.rds, [database]), SINCE, 300)
    assert other.notes == ()


def test_backups_are_those_of_the_cluster_in_gibibytes() -> None:
    billed = Metric("TotalBackupStorageBilled", "db-cluster", "c", "Maximum")
    reading, metrics = reader({billed: line(3 * 2**30)})
    (found,) = reading.read(
        known_databases(reading.rds, [CLUSTER]), SINCE, 300, ["backups", "snapshots", "billed-backups"]
    )
    assert [(row.name, row.source, len(row.points)) for row in found.series] == [
        ("backups", "c", 0), ("snapshots", "c", 0), ("billed-backups", "c", 288),
    ]  # fmt: skip
    assert found.series[2].points[0].value == 3
    assert [row.name for row in metrics.asked[0]] == [
        "BackupRetentionPeriodStorageUsed", "SnapshotStorageUsed", "TotalBackupStorageBilled",
    ]  # fmt: skip
