"""Whether a database is paused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aurora_cfn.errors import DeclinedError
from aurora_cfn.model.awake import PauseState
from aurora_cfn.model.database_metrics import Metric, Point
from aurora_cfn.model.rds_database import CapacityRange, Cluster
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.pause import pause_state, refuse_to_wake, state_in
from tests.fakes.clock import START
from tests.fakes.observations import FakeMetrics
from tests.fakes.rds import FakeDatabases

ZERO = CapacityRange(0, 8, 300)


def state_of(database: Database, capacity: CapacityRange | None, values: dict[str, list[float]]) -> PauseState:
    names = tuple(values)
    cluster = Cluster("c", "arn", "available", "aurora-postgresql", "17.7", instances=names, capacity=capacity)
    at = START - timedelta(minutes=5)
    points = {
        Metric("ServerlessDatabaseCapacity", "db-instance", name, "Minimum"): [
            Point(at + timedelta(minutes=number), value) for number, value in enumerate(row)
        ]
        for name, row in values.items()
    }
    return pause_state(database, FakeDatabases(clusters={"c": cluster}), FakeMetrics(points), START)


@pytest.mark.parametrize(
    ("capacity", "values", "state"),
    [
        (None, {"w": [1]}, "never"),
        (CapacityRange(0.5, 8), {"w": [0]}, "never"),
        (ZERO, {"w": [2, 0]}, "paused"),
        (ZERO, {"w": [0, 2]}, "awake"),
        (ZERO, {"r": [0], "w": [2]}, "awake"),
        (ZERO, {"w": []}, "unknown"),
        (ZERO, {}, "unknown"),
    ],
)
def test_the_state_is_that_of_the_last_capacity(
    capacity: CapacityRange | None, values: dict[str, list[float]], state: PauseState
) -> None:
    database = Database("s", "d", "", identifier="c")
    assert state_of(database, capacity, values) == state
    if state in {"paused", "unknown"}:
        with pytest.raises(DeclinedError, match="without --no-wake this would resume it"):
            refuse_to_wake(database, state)
    else:
        refuse_to_wake(database, state)


@pytest.mark.parametrize(
    ("capacity", "counted", "state"),
    [
        # Minutes of the newest points; a paused instance counts no connections.
        (None, 3, "awake"),
        (3, 5, "awake"),
        (3, 3, "paused"),
        (5, 3, "paused"),
        (None, None, "unknown"),
    ],
)
def test_connections_that_were_counted_after_a_pause_show_that_it_is_over(
    capacity: int | None, counted: int | None, state: PauseState
) -> None:
    def points(minute: int | None) -> list[list[Point]]:
        return [[] if minute is None else [Point(START + timedelta(minutes=minute), 0)]]

    assert state_in(points(capacity), points(counted)) == state


def test_an_instance_never_pauses() -> None:
    assert state_of(Database("s", "d", "", identifier="pg", kind="db-instance"), ZERO, {}) == "never"
