"""Capacity over time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aurora_cfn.model.database_metrics import Point
from aurora_cfn.operate.pause import Span, acu_hours, idle_spans, kept_period, paused_spans, summed
from tests.fakes.clock import START


def points(*values: float | None, period: int = 300) -> list[Point]:
    """A point for each value, one a period from START on; none for None."""
    rows = enumerate(values)
    return [Point(START + timedelta(seconds=period * number), value) for number, value in rows if value is not None]


def span(start: int, end: int) -> Span:
    """From one period of five minutes to another."""
    return Span(START + timedelta(minutes=5 * start), START + timedelta(minutes=5 * end))


def test_acu_hours_are_summed_over_periods() -> None:
    assert acu_hours(points(2, 0, 4), 300) == pytest.approx(0.5)
    assert acu_hours(points(2, period=3600), 3600) == 2


@pytest.mark.parametrize(
    ("wanted", "days", "period"), [(60, 1, 60), (60, 15, 300), (300, 20, 300), (60, 63, 3600), (7200, 70, 7200)]
)
def test_cloudwatch_keeps_old_points_further_apart(wanted: int, days: int, period: int) -> None:
    assert kept_period(wanted, timedelta(days=days)) == period


@pytest.mark.parametrize(
    ("series", "found"),
    [
        ([points(0, 0, 2, 0)], [span(0, 2), span(3, 4)]),
        # A reader that is awake keeps the cluster from being paused.
        ([points(0, 0, 0), points(0, 1, 0)], [span(0, 1), span(2, 3)]),
        # No point is not 0.
        ([points(0, None, 0)], [span(0, 1), span(2, 3)]),
        ([points(1, 1)], []),
        ([], []),
    ],
)
def test_pauses_are_times_at_which_all_instances_have_no_capacity(series: list[list[Point]], found: list[Span]) -> None:
    assert paused_spans(series, 300) == found


def test_idle_times_have_at_most_so_many_connections() -> None:
    assert idle_spans(summed([points(2, 2, 5, 2), points(0, 0, 0, 0)]), 2, 300) == [span(0, 2), span(3, 4)]
