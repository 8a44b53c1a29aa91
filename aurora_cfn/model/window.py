"""Maintenance and backup windows in minutes of the week."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

DAY: Final = 24 * 60
WEEK: Final = 7 * DAY
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK: Final = r"([01]\d|2[0-3]):([0-5]\d)"
_DAILY: Final = re.compile(rf"{_CLOCK}-{_CLOCK}\Z")
_WEEKLY: Final = re.compile(rf"([a-z]{{3}}):{_CLOCK}-([a-z]{{3}}):{_CLOCK}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Window:
    """A recurring window that opens at minute `start` for `minutes`, and again after each `period` minutes."""

    start: int
    minutes: int
    period: int

    def overlaps(self, other: Window) -> bool:
        """Whether both are open at the same minute of some week."""
        return any(_meet(one, two) for one in self._spans() for two in other._spans())

    def _spans(self) -> list[tuple[int, int]]:
        # Two weeks, so that a window across the end of the week overlaps those at its beginning.
        starts = range(self.start, 2 * WEEK, self.period)
        return [(start, start + self.minutes) for start in starts]


def weekly_window(text: str) -> Window | None:
    """The window of `ddd:hh:mm-ddd:hh:mm`, None for other text."""
    found = _WEEKLY.match(text)
    if not found or not {found[1].lower(), found[4].lower()} <= set(_DAYS):
        return None
    first, last = (
        _DAYS.index(day.lower()) * DAY + _minutes(hour, minute)
        for day, hour, minute in (found.groups()[:3], found.groups()[3:])
    )
    # Modulo: a window may begin on Saturday night and end on Sunday.
    return Window(first, (last - first) % WEEK, WEEK)


def daily_window(text: str) -> Window | None:
    """The window of `hh:mm-hh:mm`, None for other text."""
    found = _DAILY.match(text)
    if not found:
        return None
    first, last = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    return Window(first, (last - first) % DAY, DAY)


def _minutes(hour: str, minute: str) -> int:
    return int(hour) * 60 + int(minute)


def _meet(one: tuple[int, int], two: tuple[int, int]) -> bool:
    return one[0] < two[1] and two[0] < one[1]
