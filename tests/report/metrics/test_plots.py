"""Plots of blocks, and everything about a database in lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.model.database_metrics import Advice, DatabaseMetrics, MonthCost, Point, Series
from aurora_cfn.model.rds_database import CapacityRange
from aurora_cfn.report.metrics.plots import block_rows, columns_of, filled, plot_lines, scale_top
from aurora_cfn.report.metrics.words import number
from aurora_cfn.report.text import round_up, width
from tests.fakes.clock import START


def hourly(*values: float | None) -> tuple[Point, ...]:
    rows = enumerate(values)
    return tuple(Point(START + timedelta(hours=hour), value) for hour, value in rows if value is not None)


CAPACITY = Series("capacity", "w", "ACU", hourly(0, 0, 4, 16, 16, None, 2, 0))
FOUND = DatabaseMetrics(
    "db-dev", "c", START, START + timedelta(hours=8), 3600,
    (CAPACITY, Series("cpu", "w", "%", ()), Series("storage", "c", "GiB", hourly(12.4, *[None] * 3, 12.5))),
    CapacityRange(0, 16, 300), 3 * 3600, 2, (Advice("MaxCapacity", "32", "it was at the limit"),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("values", "rows", "plot"),
    [
        ([0, 1, 4, 8], 1, ["_▁▄█"]),
        ([0, 4, 8], 2, ["  █", "_██"]),
        ([None, 8, None], 1, [" █ "]),
        # A value above the scale, and one that is almost nothing.
        ([99, 0.001], 2, ["█ ", "█▁"]),
        ([], 2, ["", ""]),
    ],
)
def test_blocks(values: list[float | None], rows: int, plot: list[str]) -> None:
    assert block_rows(values, 8, rows) == plot


def test_a_column_has_the_highest_of_its_time_and_nothing_where_nothing_was_measured() -> None:
    end = START + timedelta(hours=4)
    assert columns_of(hourly(1, 9, None, None), START, end, 2) == [9, None]
    assert columns_of(hourly(1, 9, None, 2, 7), START, end, 4) == [1, 9, None, 2]
    assert columns_of((), START, START, 3) == [None] * 3


def test_short_gaps_are_closed_where_there_are_more_columns_than_points() -> None:
    assert filled([1, None, 2, None, None, 3, None], 1) == [1, 1, 2, None, None, 3, None]
    assert filled([None, None], 5) == [None, None]


def test_a_metric_that_is_sent_once_a_day_is_a_line_with_a_gap_where_a_day_is_missing() -> None:
    days = tuple(Point(START + timedelta(days=day), 10) for day in (0, 1, 2, 4))
    found = DatabaseMetrics("s", "c", START, START + timedelta(days=5), 3600, (Series("backups", "c", "GiB", days),))
    plotted = plot_lines(found, 99)
    assert plotted[1] == "automated backups, GiB: 10 to 10, 10 in the mean, last 10"
    assert plotted[2] == "     10 ┤" + "█" * 37 + " " * 35 + "█"


@pytest.mark.parametrize(("value", "up"), [(0, 1), (0.3, 0.5), (1, 1), (7, 10), (11, 20), (201, 500)])
def test_scales_end_at_round_numbers(value: float, up: float) -> None:
    assert round_up(value) == pytest.approx(up)


def test_scales_of_percentages_and_of_capacity_are_fixed() -> None:
    assert scale_top(CAPACITY, FOUND) == 16
    assert scale_top(CAPACITY, replace(FOUND, capacity=None)) == 20
    assert scale_top(Series("cache", "w", "%", hourly(3)), FOUND) == 100


@pytest.mark.parametrize(
    ("value", "text"), [(0.25, "0.25"), (99.43, "99.4"), (1204.6, "1,205"), (0, "0"), (16.0, "16")]
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert number(value) == text


def test_everything_about_a_database() -> None:
    cost = MonthCost(START, {"w": 1031.2, "r": 173.4}, 0.14, 1.2, None, (186, 210), "2026-09-19")
    lines = plot_lines(replace(FOUND, cost=cost, notes=("say \x1b[31m",)), 100)
    assert lines[:8] == [
        "c (0 to 16 ACU), 2026-11-21 12:00 to 2026-11-21 20:00 UTC, 1h00m a point",
        "capacity, ACU: 0 to 16, 5.43 in the mean, last 0; at MaxCapacity (16) for 2h00m",
        "     16 ┤   ██",
        "        │   ██",
        "      0 ┼__▆██ ▃_",
        "storage, GiB: 12.4 to 12.5, 12.4 in the mean, last 12.5",
        "     20 ┤",
        "        │▇   ▇",
    ]
    assert lines[9:] == [
        "paused 2 times, 3h00m of 8h00m",
        "note: say \\x1b[31m",
        "advice: MaxCapacity 32: it was at the limit",
        "since 2026-11-21: 1,204.6 ACU-hours = 168.64 USD of compute (w 1,031.2, r 173.4)",
        "besides: storage 1.20 USD; without backups, Data API and transfer",
        "at this pace the whole month is 186 to 210 USD of compute (by the mean so far, and by the last day)",
        "list prices of 2026-09-19; the bill has the ACU-hours as Aurora:ServerlessV2Usage",
    ]
    assert max(map(width, plot_lines(FOUND, 60))) <= 60


def test_several_instances_are_named_and_no_points_are_no_plot() -> None:
    two = replace(FOUND, series=(CAPACITY, replace(CAPACITY, source="r")))
    assert [line for line in plot_lines(two, 80) if "capacity" in line][1].startswith("capacity, ACU  r: 0 to 16")
    assert plot_lines(replace(FOUND, series=(), advice=()), 80) == plot_lines(FOUND, 80)[:1]
