"""Windows of time around midnight and the end of the week."""

from __future__ import annotations

import pytest

from aurora_cfn.model.window import daily_window, weekly_window


@pytest.mark.parametrize(("window", "minutes"), [("02:00-03:00", 60), ("23:45-00:15", 30), ("05:00-05:00", 0)])
def test_a_daily_window_may_pass_midnight(window: str, minutes: int) -> None:
    found = daily_window(window)
    assert found is not None
    assert found.minutes == minutes


@pytest.mark.parametrize(
    ("window", "minutes"), [("sun:03:30-sun:04:30", 60), ("sun:23:45-mon:00:15", 30), ("mon:00:00-tue:00:00", 1440)]
)
def test_a_weekly_window_may_pass_the_end_of_the_week(window: str, minutes: int) -> None:
    found = weekly_window(window)
    assert found is not None
    assert found.minutes == minutes


@pytest.mark.parametrize(
    ("backup", "maintenance", "meet"),
    [
        ("02:00-03:00", "sun:03:30-sun:04:30", False),
        ("02:00-03:30", "sun:03:30-sun:04:30", False),
        ("02:00-03:31", "sun:03:30-sun:04:30", True),
        ("23:30-00:30", "mon:00:15-mon:00:45", True),
        ("23:30-00:30", "sun:23:50-mon:00:20", True),
        ("04:00-05:00", "wed:03:30-wed:04:30", True),
    ],
)
def test_windows_that_meet_on_any_day_are_found(backup: str, maintenance: str, meet: bool) -> None:
    daily, weekly = daily_window(backup), weekly_window(maintenance)
    assert daily is not None
    assert weekly is not None
    assert daily.overlaps(weekly) is meet
