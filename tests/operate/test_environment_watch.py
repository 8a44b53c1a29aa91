"""What `status --watch` reads in each round, and the screen it makes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest

from aurora_cfn.errors import AwsError
from aurora_cfn.facts.prices import price_list
from aurora_cfn.model.database_metrics import Metric, Point
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.rds_database import CapacityRange, Cluster, DatabaseEvent
from aurora_cfn.model.rows import Database
from aurora_cfn.model.stack import Stack
from aurora_cfn.operate.environment_watch import EnvironmentWatch
from aurora_cfn.operate.metrics.reader import MetricsReader
from aurora_cfn.report.environment_screen import screen_lines
from aurora_cfn.report.text import width
from tests.fakes.clock import START, FakeClock
from tests.fakes.observations import FakeMetrics
from tests.fakes.rds import FakeDatabases

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev/1"
POINTS = {
    Metric("ServerlessDatabaseCapacity", "db-instance", "w"): [Point(START - timedelta(minutes=2), 2.5)],
    Metric("DatabaseConnections", "db-instance", "w", "Maximum"): [Point(START - timedelta(minutes=2), 14)],
}


class Stacks:
    def __init__(self) -> None:
        self.status, self.events = "UPDATE_COMPLETE", 0

    def root_stacks(self) -> list[Stack]:
        return [Stack(ARN, "db-dev", self.status, updated=START)]

    def recent_events(self, stack: str) -> list[StackEvent]:
        self.events += 1
        return [StackEvent("1", stack, "db-dev", "Writer", "w", "T", "UPDATE_COMPLETE", START)]


def watching(clock: FakeClock, stacks: Stacks, metrics: FakeMetrics) -> EnvironmentWatch:
    cluster = Cluster("c", "arn", "available", "aurora-postgresql", "17.7", instances=("w",),
                      capacity=CapacityRange(0, 8, 300))  # fmt: skip
    reader = MetricsReader(FakeDatabases(clusters={"c": cluster}), metrics, clock, price_list("us-east-1"))
    return EnvironmentWatch("dev", "eu-west-1", {"db-dev": "db", "api-dev": "api"}, stacks, reader, clock,
                            lambda: [Database("db-dev", "d", "", identifier="c")], lambda _: ())  # fmt: skip


@pytest.mark.parametrize(("counted", "paused"), [(2, True), (3, True), (1, False)])
def test_a_cluster_that_counted_connections_after_its_pause_is_not_paused(counted: int, paused: bool) -> None:
    capacity, connections = POINTS
    points = {
        capacity: [Point(START - timedelta(minutes=2), 0)],
        connections: [Point(START - timedelta(minutes=counted), 1)],
    }
    (database,) = watching(FakeClock(), Stacks(), FakeMetrics(points)).round().databases
    assert (database.paused, database.connections) == (paused, None if paused else 1)


def test_a_round_reads_again_only_what_may_be_new() -> None:
    clock, stacks, metrics = FakeClock(), Stacks(), FakeMetrics(POINTS)
    watch = watching(clock, stacks, metrics)
    view = watch.round()
    text = [line.plain for line in screen_lines(view, 79, 23)]
    assert any(line.split() == ["c", "available", "2.5", "ACU", "(0", "to", "8)", "14", "11:58"] for line in text), text
    assert "api    NOT_DEPLOYED" in text
    clock.sleep(5)
    watch.round()
    assert (stacks.events, len(metrics.periods)) == (1, 1)
    stacks.status = "UPDATE_IN_PROGRESS"
    watch.round()
    assert (stacks.events, len(metrics.periods)) == (2, 2)
    for columns, rows in ((40, 10), (20, 3), (79, 1)):
        lines = screen_lines(view, columns, rows)
        assert len(lines) <= rows
        assert all(width(line.plain) <= columns for line in lines)


def test_events_of_rds_are_among_the_newest_and_read_once_a_minute() -> None:
    clock, stacks = FakeClock(), Stacks()
    watch = watching(clock, stacks, FakeMetrics(POINTS))
    rds = cast(FakeDatabases, watch.metrics.rds)
    rds.known_events += [
        ("db-instance", DatabaseEvent("w", START + timedelta(seconds=1), "Successfully paused the DB instance.")),
        ("db-cluster", DatabaseEvent("c", START - timedelta(hours=2), "Completed failover")),
        ("db-cluster", DatabaseEvent("c", START - timedelta(days=2), "DB cluster created")),
    ]
    view = watch.round()
    assert [str(getattr(event, "message", "stack")) for _, event in view.events] == [
        "Completed failover", "stack", "Successfully paused the DB instance.",
    ]  # fmt: skip
    text = [line.plain for line in screen_lines(view, 90, 30)]
    assert text[-1] == "11-21 12:00:01  db     RDS              w: Successfully paused the DB instance."
    clock.sleep(5)
    watch.round()
    assert rds.calls.count("DescribeEvents") == 2
    rds.trouble["DescribeEvents"] = AwsError("not you", code="AccessDenied")
    clock.sleep(60)
    later = watch.round()
    assert (later.events, later.notes) == (view.events, ("events of RDS: not you",))
