"""What is said of a database while the stack is silent, and how much it may cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.deploy.watch.pace import Phase
from aurora_cfn.deploy.watch.rds import (
    ASK_RDS_AFTER,
    EARLIEST,
    HANDLER,
    OFTEN,
    READ_EVENTS_EVERY,
    RETRY_AFTER,
    SELDOM,
    DatabaseStatus,
    RdsWatch,
    news,
)
from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.rds_database import Cluster, DatabaseEvent, Instance
from tests.fakes.clock import START, FakeClock
from tests.fakes.rds import FakeDatabases, denied

CREATING = Cluster("db", "arn", "creating", "aurora-postgresql", "17.5")
BORN = DatabaseEvent("db", START + timedelta(seconds=40), "DB cluster created")


def event(logical: str, physical: str, status: str, kind: str = "AWS::RDS::DBCluster") -> StackEvent:
    return StackEvent(f"{logical}-{status}", "arn:stack", "s", logical, physical, kind, status, START)


@pytest.fixture
def fake() -> tuple[RdsWatch, FakeDatabases, FakeClock, list[str]]:
    clock, databases, lines = FakeClock(), FakeDatabases(clusters={"db": CREATING}), list[str]()
    return RdsWatch(databases, clock, lines.append), databases, clock, lines


FakeRun = tuple[RdsWatch, FakeDatabases, FakeClock, list[str]]


@pytest.mark.parametrize(
    ("before", "now", "lines"),
    [
        (DatabaseStatus(), DatabaseStatus("creating"), ["x: RDS says creating"]),
        (DatabaseStatus("creating"), DatabaseStatus("creating"), []),
        (DatabaseStatus("creating"), DatabaseStatus("creating", (BORN,)), ["x: 12:00:40 DB cluster created"]),
        (DatabaseStatus("creating", (BORN,)), DatabaseStatus("available", (BORN,)), ["x: RDS says available"]),
        (DatabaseStatus("creating"), DatabaseStatus(""), []),
    ],
)
def test_only_what_is_new_is_shown(before: DatabaseStatus, now: DatabaseStatus, lines: list[str]) -> None:
    assert news("x", before, now) == lines


def test_rds_is_asked_only_after_a_silence_and_only_about_what_is_worked_on(fake: FakeRun) -> None:
    silence, databases, clock, lines = fake
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
    clock.sleep(ASK_RDS_AFTER - 1)
    silence.look()
    assert databases.calls == []
    clock.sleep(1)
    silence.look()
    assert lines == ["Cluster (db): RDS says creating"]
    silence.see(event("Cluster", "db", "CREATE_COMPLETE"))
    clock.sleep(100)
    silence.look()
    assert len(databases.calls) == 2


def test_a_change_is_shown_once_with_its_progress_and_events(fake: FakeRun) -> None:
    silence, databases, clock, lines = fake
    silence.see(event("Cluster", "db", "UPDATE_IN_PROGRESS"))
    for status, progress in (("upgrading", "10"), ("upgrading", "10"), ("upgrading", "60")):
        clock.sleep(READ_EVENTS_EVERY)
        databases.clusters["db"] = replace(CREATING, status=status, progress=progress)
        databases.known_events = [("db-cluster", BORN)]
        silence.look()
    assert lines == [
        "Cluster (db): 12:00:40 DB cluster created",
        "Cluster (db): RDS says upgrading 10 %",
        "Cluster (db): RDS says upgrading 60 %",
    ]


def test_while_nothing_changes_a_look_is_one_call_and_events_are_read_now_and_then(fake: FakeRun) -> None:
    silence, databases, clock, _ = fake
    silence.see(event("Cluster", "db", "CREATE_IN_PROGRESS"))
    clock.sleep(ASK_RDS_AFTER)
    while clock.monotonic() < READ_EVENTS_EVERY:
        silence.look()
        clock.sleep(SELDOM)
    assert databases.calls.count("DescribeEvents") == 1
    assert databases.calls.count("DescribeDBClusters") == silence.calls - 1
    silence.look()
    assert databases.calls.count("DescribeEvents") == 2


INSTANCE = "AWS::RDS::DBInstance"


def test_every_database_has_its_turn_and_instances_of_one_cluster_are_asked_together(fake: FakeRun) -> None:
    silence, databases, clock, lines = fake
    for name, cluster in (("a", "db"), ("b", "db"), ("c", "")):
        databases.instances[name] = Instance(name, "creating", "aurora-postgresql", "17.5", cluster=cluster)
        silence.see(event(name.upper(), name, "CREATE_IN_PROGRESS", INSTANCE))
    for _ in range(3):
        clock.sleep(SELDOM)
        silence.look()
    assert lines == [f"{name.upper()} ({name}): RDS says creating" for name in "abc"]
    databases.calls.clear()
    for name in "ab":
        databases.instances[name] = replace(databases.instances[name], status="available")
    clock.sleep(SELDOM)
    silence.look()
    assert lines[3:] == ["A (a): RDS says available", "B (b): RDS says available"]
    assert databases.calls.count("DescribeDBInstances") == 1


@pytest.mark.parametrize(
    ("verb", "said", "expected", "phase"),
    [
        ("CREATE", [""], (), Phase.OPEN),
        ("CREATE", ["creating"], (), Phase.BUSY),
        ("CREATE", ["creating", "available"], (), Phase.LAST),
        ("CREATE", ["available"], (), Phase.LAST),
        ("CREATE", ["creating", "available"], ("Cluster", "Alarm"), Phase.NEAR),
        ("CREATE", ["creating", "incompatible-parameters"], (), Phase.OPEN),
        # Good from the start says nothing of an update: RDS may not have begun.
        ("UPDATE", ["available"], (), Phase.OPEN),
        ("UPDATE", ["modifying"], (), Phase.BUSY),
        ("UPDATE", ["modifying", "available"], (), Phase.LAST),
        ("DELETE", ["available"], (), Phase.OPEN),
        ("DELETE", ["deleting"], (), Phase.BUSY),
        ("DELETE", ["deleting", ""], (), Phase.LAST),
    ],
)
def test_what_the_words_of_rds_mean(verb: str, said: list[str], expected: tuple[str, ...], phase: Phase) -> None:
    clock, databases = FakeClock(), FakeDatabases()
    silence = RdsWatch(databases, clock, lambda _: None, frozenset(expected))
    silence.see(event("Cluster", "db", f"{verb}_IN_PROGRESS"))
    for status in said:
        databases.clusters = {"db": replace(CREATING, status=status)} if status else {}
        clock.sleep(SELDOM)
        silence.look()
    assert silence.phase is phase
    clock.sleep(HANDLER)
    assert silence.phase is (phase if phase in {Phase.OPEN, Phase.BUSY} else Phase.OPEN), "no answer holds for ever"


def test_two_databases_are_ready_when_both_are(fake: FakeRun) -> None:
    silence, databases, clock, _ = fake
    silence.see(event("Cluster", "db", "CREATE_IN_PROGRESS"))
    silence.see(event("Other", "", "CREATE_IN_PROGRESS"))
    databases.clusters["db"] = replace(CREATING, status="available")
    clock.sleep(ASK_RDS_AFTER)
    silence.look()
    phases = [silence.phase]  # of the other one nothing is known yet
    databases.clusters["other"] = CREATING
    silence.see(event("Other", "other", "CREATE_IN_PROGRESS"))
    clock.sleep(ASK_RDS_AFTER)
    silence.look()
    assert [*phases, silence.phase] == [Phase.OPEN, Phase.BUSY]


def test_it_is_asked_oftener_when_the_end_may_be_near() -> None:
    clock, databases = FakeClock(), FakeDatabases(instances={"w": Instance("w", "creating", "x", "1", cluster="db")})
    silence = RdsWatch(databases, clock, lambda _: None, frozenset({"Writer"}))
    silence.see(event("Writer", "w", "CREATE_IN_PROGRESS", INSTANCE))
    clock.sleep(ASK_RDS_AFTER)
    silence.look()
    assert silence.due - clock.monotonic() == SELDOM
    clock.elapsed = EARLIEST["db-instance"]
    silence.look()
    assert silence.due - clock.monotonic() == OFTEN
    assert silence.overdue - clock.monotonic() == SELDOM


def test_a_missing_permission_is_said_once_and_nothing_is_asked_again(fake: FakeRun) -> None:
    silence, databases, clock, lines = fake
    databases.trouble["DescribeDBClusters"] = denied("DescribeDBClusters")
    silence.see(event("Cluster", "db", "CREATE_IN_PROGRESS"))
    for _ in range(5):
        clock.sleep(60)
        silence.look()
    assert lines == ["the status in RDS is not shown: needs rds:DescribeDBClusters"]
    assert databases.calls == ["DescribeDBClusters"]
    assert silence.phase is Phase.OPEN


def test_without_its_events_the_status_is_still_shown(fake: FakeRun) -> None:
    silence, databases, clock, lines = fake
    databases.trouble["DescribeEvents"] = denied("DescribeEvents")
    silence.see(event("Cluster", "db", "CREATE_IN_PROGRESS"))
    for status in ("creating", "available"):
        databases.clusters["db"] = replace(CREATING, status=status)
        clock.sleep(60)
        silence.look()
    assert lines == [
        "RDS's events are not shown: needs rds:DescribeEvents",
        "Cluster (db): RDS says creating",
        "Cluster (db): RDS says available",
    ]
    assert databases.calls.count("DescribeEvents") == 1


def test_any_other_error_is_ignored(fake: FakeRun) -> None:
    silence, databases, clock, lines = fake
    databases.trouble["DescribeDBClusters"] = AwsError("Rate exceeded", code="Throttling")
    silence.see(event("Cluster", "db", "CREATE_IN_PROGRESS"))
    clock.sleep(60)
    silence.look()
    silence.look()
    assert lines == []
    assert databases.calls == ["DescribeDBClusters"], "it is left alone for a while"
    assert silence.phase is Phase.OPEN
    databases.trouble.clear()
    clock.sleep(RETRY_AFTER)
    silence.look()
    assert lines == ["Cluster (db): RDS says creating"]
