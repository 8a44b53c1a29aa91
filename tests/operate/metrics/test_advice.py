"""What follows from what was used."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.facts.prices import price_list
from aurora_cfn.model.database_metrics import Point
from aurora_cfn.model.rds_database import CapacityRange
from aurora_cfn.operate.metrics.advice import Used, advice
from tests.fakes.clock import START

PRICES = price_list("eu-west-1")
DAY = timedelta(days=1)


def day(*hours: float, period: int = 300) -> list[Point]:
    """A day of points, each value for an equal part of it."""
    count = 24 * 3600 // period
    return [Point(START + timedelta(seconds=period * n), hours[n * len(hours) // count]) for n in range(count)]


def used(*hours: float, connections: float = 5) -> Used:
    return Used({"w": day(*hours)}, [day(connections)], DAY, 300)


BUSY = [4.0] * 12 + [6.0] * 12
RANGE = CapacityRange(0.5, 8)


@pytest.mark.parametrize(
    ("limits", "what", "found"),
    [
        # 4 to 6 of 8 ACU: the maximum is right, the minimum could be what is always used.
        (RANGE, used(*BUSY), [("MinCapacity", "4", "never fell below 4.0 ACU")]),
        (CapacityRange(4, 8), used(*BUSY), [("MinCapacity", "2", "at MinCapacity (4 ACU) 50% of the time")]),
        # An hour at the limit.
        (CapacityRange(4, 6), used(*[4] * 12, *[5] * 11, 6), [
            ("MaxCapacity", "12", "at MaxCapacity (6 ACU) for 1h00m"), ("MinCapacity", "2", "50% of the time")]),
        (CapacityRange(200, 256), used(*[256] * 24), [("MinCapacity", "256", "never fell below 256.0 ACU")]),
        # The highest is far below the maximum.
        (CapacityRange(0.5, 16), used(0.5, 1), [("MaxCapacity", "16", "the highest was 1.0 of 16 ACU")]),
        # Without connections at night.
        (CapacityRange(1, 3), replace(used(1, 2), connections=[day(0, 3)]),
         [("MinCapacity", "0", "could have paused 1 time without a connection: about 11.9 ACU-hours, 1.67 USD")]),
        # It may pause, and did or did not.
        (CapacityRange(0, 4, 300), used(0, 4), [("MaxCapacity", "8", "")]),
        (CapacityRange(0, 4, 300), used(3, 3), [("MinCapacity", "0", "why-awake")]),
        # Too short, or nothing known.
        (RANGE, replace(used(4), length=timedelta(hours=2)), []),
        (RANGE, replace(used(4), capacity={"w": []}), []),
        (None, used(4), []),
    ],
)  # fmt: skip
def test_minimum_and_maximum(limits: CapacityRange | None, what: Used, found: list[tuple[str, str, str]]) -> None:
    rows = advice(limits, what, PRICES)
    assert [(row.setting, row.value) for row in rows] == [(setting, value) for setting, value, _ in found]
    for row, (_, _, reason) in zip(rows, found, strict=True):
        assert reason in row.reason


@pytest.mark.parametrize(
    ("requests", "optimized", "value", "reason"),
    [
        (1e6, False, "aurora", "as it is"),
        (5e8, False, "aurora-iopt1", "once in 30 days"),
        (5e8, True, "aurora-iopt1", "as it is"),
        (1e6, True, "aurora", "back at any time"),
    ],
)
def test_the_cheaper_storage_for_a_month_of_such_use(requests: float, optimized: bool, value: str, reason: str) -> None:
    what = replace(used(*BUSY), gibibytes=100, requests=requests, optimized=optimized)
    row = advice(RANGE, what, price_list("us-east-1"))[-1]
    assert (row.setting, row.value) == ("StorageType", value)
    assert reason in row.reason


def test_no_comparison_without_points_and_a_reason_without_a_price() -> None:
    assert [row.setting for row in advice(RANGE, used(*BUSY), PRICES)] == ["MinCapacity"]
    row = advice(RANGE, replace(used(*BUSY), gibibytes=100, requests=1e6), price_list("af-south-1"))[-1]
    assert row.value == "aurora"
    assert row.reason.startswith("not compared: no price in af-south-1 for acu_hour, storage_gb_month, acu_hour_io")
