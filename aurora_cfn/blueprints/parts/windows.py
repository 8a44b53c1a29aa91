"""RDS windows of time: when they last and whether two of them meet."""

from __future__ import annotations

from typing import Final

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = 24 * 60
_WEEK: Final = 7 * _DAY
SHORTEST: Final = 30
"""Minutes: RDS refuses a shorter window (API reference of CreateDBCluster, 2026-11-20)."""


def backup_minutes(window: str) -> int:
    """Length in minutes of a daily window `hh:mm-hh:mm`; it may pass midnight."""
    start, end = map(_clock, window.split("-"))
    return (end - start) % _DAY


def maintenance_minutes(window: str) -> int:
    """Length in minutes of a weekly window `ddd:hh:mm-ddd:hh:mm`; it may pass the end of the week."""
    start, end = map(_week_clock, window.split("-"))
    return (end - start) % _WEEK


def windows_overlap(backup: str, maintenance: str) -> bool:
    """Whether the daily window meets the weekly one on any day; windows that only touch do not meet."""
    start, length = _week_clock(maintenance.split("-")[0]), maintenance_minutes(maintenance)
    first, daily = _clock(backup.split("-")[0]), backup_minutes(backup)
    return any(_meet(first + day * _DAY, daily, start, length) for day in range(7))


def _meet(start: int, length: int, other: int, other_length: int) -> bool:
    return (other - start) % _WEEK < length or (start - other) % _WEEK < other_length


def _clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _week_clock(text: str) -> int:
    return _DAYS.index(text[:3]) * _DAY + _clock(text[4:])
