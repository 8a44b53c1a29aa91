"""The steps of a pause of one database, over a server that is none."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ministack.services import rds

from aurora_cfn.local.rds.pauses import write
from aurora_cfn.local.servers.database_server import Database, Entry, Step
from tests.waiting import until


class NoServer:
    """The parts of a server that a pause needs."""

    running = True
    data = Path()

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False


@pytest.fixture
def steps() -> list[Step]:
    return []


@pytest.fixture
def database(steps: list[Step]) -> Any:
    server: Any = NoServer()
    return Database("1/eu-west-1/cluster/c", Entry("f", 17), server, said=steps.append)


def test_a_pause_and_a_resume_are_two_steps_each(database: Database, steps: list[Step]) -> None:
    database.wake()
    assert steps == []
    database.pause(0)
    database.pause(0)
    assert steps == ["pausing", "paused"]
    database.wake()
    database.wake()
    assert steps == ["pausing", "paused", "resuming", "resumed"]


def test_it_resumes_also_if_no_client_waits(database: Any, steps: list[Step]) -> None:
    database.pause(0.05)
    database.begin_resuming()
    database.begin_resuming()
    assert until(lambda: "resumed" in steps)
    assert (steps[2:], database.server.running, database.is_paused) == (["resuming", "resumed"], True, False)


def test_a_pause_while_it_resumes_is_kept_and_a_deletion_ends_it(database: Any, steps: list[Step]) -> None:
    database.pause(30)
    database.begin_resuming()
    database.pause(30)
    assert (database.resuming_for(), database.server.running) == (0, False)
    database.begin_resuming()
    database.end()
    database._resume()
    assert (database.server.running, database.is_paused, steps[-1]) == (False, False, "resuming")


def test_only_a_serverless_cluster_has_events() -> None:
    records: dict[str, Any] = {"a/r/cluster/plain": {"DBClusterMembers": [{"DBInstanceIdentifier": "w"}]}}
    backing: Any = SimpleNamespace(record=records.get)
    before = dict(rds._events)
    write(backing, "a/r/cluster/plain", "paused")
    write(backing, "a/r/cluster/deleted", "paused")
    assert dict(rds._events) == before
