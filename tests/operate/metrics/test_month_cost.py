"""What a month has cost so far."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aurora_cfn.facts.prices import price_list
from aurora_cfn.model.database_metrics import Point
from aurora_cfn.operate.metrics.advice import PERIOD, month_cost, month_start

NOW = datetime(2026, 11, 11, tzinfo=UTC)
START = month_start(NOW)
PRICES = price_list("eu-west-1")


def steady(value: float, days: int = 10, since: datetime = START) -> list[Point]:
    count = days * 86400 // PERIOD
    return [Point(since + timedelta(seconds=PERIOD * number), value) for number in range(count)]


def test_acu_hours_are_summed_over_the_instances() -> None:
    # The mean of the two instances, which CloudWatch has for the cluster, would be half of it.
    found = month_cost({"w": steady(2), "r": steady(1)}, steady(100), 5e6, PRICES, now=NOW, optimized=False)
    assert found.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert found.acu_hours == {"w": pytest.approx(480), "r": pytest.approx(240)}
    assert found.compute == pytest.approx(720 * 0.14)
    request, storage = PRICES.get("io_million"), PRICES.get("storage_gb_month")
    assert request is not None
    assert storage is not None
    assert found.io_dollars == pytest.approx(5 * request.dollars)
    assert found.storage_dollars == pytest.approx(100 * storage.dollars * 240 / 730)
    # A steady load costs three times as much in the whole month.
    assert found.pace is not None
    assert found.pace[0] == pytest.approx(3 * 720 * 0.14)
    assert found.pace[1] == pytest.approx(found.pace[0])
    assert found.priced


def test_the_pace_lies_between_the_mean_and_the_last_day() -> None:
    last = steady(4, 1, NOW - timedelta(days=1))
    found = month_cost({"w": [*steady(0, 9), *last]}, [], 0, PRICES, now=NOW, optimized=False)
    assert found.storage_dollars is None
    assert found.pace is not None
    low, high = found.pace
    assert low == pytest.approx(96 * 3 * 0.14)
    assert high == pytest.approx((96 + 4 * 480) * 0.14)


def test_io_optimized_pays_no_requests() -> None:
    prices = price_list("us-east-1")
    found = month_cost({"w": steady(2)}, [], 5e6, prices, now=NOW, optimized=True)
    price = prices.get("acu_hour_io_optimized")
    assert price is not None
    assert (found.io_dollars, found.acu_dollars) == (0.0, price.dollars)


def test_nothing_is_invented_without_points_or_prices() -> None:
    nowhere = price_list("af-south-1")
    found = month_cost({"w": steady(2)}, steady(1), 1, nowhere, now=NOW, optimized=False)
    assert (found.compute, found.storage_dollars, found.io_dollars, found.pace, found.priced) == (None,) * 4 + ("",)
    first = month_cost({"w": []}, [], 0, PRICES, now=START, optimized=False)
    assert (first.pace, first.compute) == (None, 0)
