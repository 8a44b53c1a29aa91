"""What is said of a database while the stack is silent, and how much it may cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.deploy.pace import Pace
from aurora_cfn.deploy.silence import Glimpse, Silence, news
from aurora_cfn.errors import AwsError
from aurora_cfn.model.database import Cluster, DatabaseEvent, Instance
from aurora_cfn.model.event import StackEvent
from tests.fakes.clock import START, FakeClock
from tests.fakes.rds import FakeDatabases, denied

CREATING = Cluster("db", "arn", "creating", "aurora-postgresql", "17.5")
BORN = DatabaseEvent("db", START + timedelta(seconds=40), "DB cluster created")


def event(logical: str, physical: str, status: str, kind: str = "AWS::RDS::DBCluster") -> StackEvent:
    return StackEvent(f"{logical}-{status}", "arn:stack", "s", logical, physical, kind, status, START)


@pytest.fixture
def world() -> tuple[Silence, FakeDatabases, FakeClock, list[str]]:
    clock, databases, lines = FakeClock(), FakeDatabases(clusters={"db": CREATING}), list[str]()
    return Silence(databases, clock, lines.append), databases, clock, lines


World = tuple[Silence, FakeDatabases, FakeClock, list[str]]


@pytest.mark.parametrize(
    ("before", "now", "lines"),
    [
        (Glimpse(), Glimpse("creating"), ["x: RDS says creating"]),
        (Glimpse("creating"), Glimpse("creating"), []),
        (Glimpse("creating"), Glimpse("creating", (BORN,)), ["x: 12:00:40 DB cluster created"]),
        (Glimpse("creating", (BORN,)), Glimpse("available", (BORN,)), ["x: RDS says available"]),
        (Glimpse("creating"), Glimpse(""), []),
    ],
)
def test_only_what_is_new_is_shown(before: Glimpse, now: Glimpse, lines: list[str]) -> None:
    assert news("x", before, now) == lines


def test_rds_is_asked_only_after_a_silence_and_only_about_what_is_worked_on(world: World) -> None:
    silence, databases, clock, lines = world
    silence.look()
    silence.see(event("Logs", "l", "CREATE_IN_PROGRESS", "AWS::Logs::LogGroup"))
    clock.sleep(100)
    silence.look()
    assert databases.calls == []
    silence.see(event("Cluster", "", "CREATE_IN_PROGRESS"))
    clock.sleep(100)
    silence.look()
    assert databases.calls == []
    silence.see(event("Cluster", "db", "CREATE_IN_PROGRESS"))
    clock.sleep(5)
    silence.look()
    assert databases.calls == []
    clock.sleep(10)
    silence.look()
    assert lines == ["Cluster (db): RDS says creating"]
    silence.see(event("Cluster", "db", "CREATE_COMPLETE"))
    clock.sleep(100)
    silence.look()
    assert len(databases.calls) == 2


def test_a_change_is_told_once_with_its_progress_and_events(world: World) -> None:
    silence, databases, clock, lines = world
    silence.see(event("Cluster", "db", "UPDATE_IN_PROGRESS"))
    for status, progress in (("upgrading", "10"), ("upgrading", "10"), ("upgrading", "60")):
        clock.sleep(45)
        databases.clusters["db"] = replace(CREATING, status=status, progress=progress)
        databases.told = [("db-cluster", BORN)]
        silence.look()
    assert lines == [
        "Cluster (db): 12:00:40 DB cluster created",
        "Cluster (db): RDS says upgrading 10 %",
        "Cluster (db): RDS says upgrading 60 %",
    ]


def test_every_database_has_its_turn(world: World) -> None:
    silence, databases, clock, lines = world
    kind = "AWS::RDS::DBInstance"
    for name in ("a", "b"):
        databases.instances[name] = Instance(name, "creating", "aurora-postgresql", "17.5", cluster="db")
        silence.see(event(name.upper(), name, "CREATE_IN_PROGRESS", kind))
    for _ in range(2):
        clock.sleep(45)
        silence.look()
    assert lines == ["A (a): RDS says creating", "B (b): RDS says creating"]


def test_a_missing_permission_is_said_once_and_nothing_is_asked_again(world: World) -> None:
    silence, databases, clock, lines = world
    databases.trouble["DescribeDBClusters"] = denied("DescribeDBClusters")
    silence.see(event("Cluster", "db", "CREATE_IN_PROGRESS"))
    for _ in range(5):
        clock.sleep(60)
        silence.look()
    assert lines == ["RDS is not asked how far it is: needs rds:DescribeDBClusters"]
    assert databases.calls == ["DescribeDBClusters"]


def test_any_other_trouble_is_borne_in_silence(world: World) -> None:
    silence, databases, clock, lines = world
    databases.trouble["DescribeEvents"] = AwsError("Rate exceeded", code="Throttling")
    silence.see(event("Cluster", "db", "CREATE_IN_PROGRESS"))
    clock.sleep(60)
    silence.look()
    assert lines == []
    databases.trouble.clear()
    clock.sleep(60)
    silence.look()
    assert lines == ["Cluster (db): RDS says creating"]


def test_ten_minutes_of_watching_cost_at_most_a_call_each_five_seconds(world: World) -> None:
    silence, databases, clock, _ = world
    for number in range(4):
        databases.clusters[str(number)] = CREATING
        silence.see(event(str(number), str(number), "CREATE_IN_PROGRESS"))
    pace, rounds = Pace(), 0
    while clock.monotonic() < 600:
        clock.sleep(pace.after(news=False))
        silence.look()
        rounds += 1
    assert rounds + len(databases.calls) <= 600 / 5
