"""Options that name a moment or a length of time: `1h`, `500ms`, `2026-11-28 14:00`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from aurora_cfn.operate.branches.expiry import Expiry

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


class Length(click.ParamType[timedelta]):
    """A length of time such as 500ms, 30s, 5m, 1h or 2d, as a timedelta."""

    name = "length"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The length. Fails as wrong usage for anything else."""
        if isinstance(value, timedelta):
            return value
        found = _length(str(value))
        if found is None:
            self.fail(f"{value!r} is no length of time, such as 500ms, 30s, 5m, 1h or 2d", param, ctx)
        return found


class Moment(click.ParamType["timedelta | datetime"]):
    """A moment in UTC: a length before now (1h), or a date and time in ISO 8601, which is UTC unless it says otherwise.

    It is a timedelta or a datetime: only the command knows its clock.
    """

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta | datetime:
        """The length or the moment. Fails as wrong usage for anything else."""
        if isinstance(value, timedelta | datetime):
            return value
        text = str(value)
        try:
            found = _length(text) or datetime.fromisoformat(text.removesuffix(" UTC"))
        except ValueError:
            self.fail(f"{text!r} is neither a length before now (1h) nor a time (2026-11-28 14:00)", param, ctx)
        return found.replace(tzinfo=found.tzinfo or UTC) if isinstance(found, datetime) else found


class Ending(click.ParamType["Expiry"]):
    """A time to live or an end: 3d, 12h, 2026-12-01, never."""

    name = "ending"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Expiry:
        """The expiry. Fails as wrong usage for anything else."""
        from aurora_cfn.operate.branches.expiry import FORMS, parsed

        try:
            return parsed(str(value))
        except ValueError:
            self.fail(f"{value!r} is no end: write {FORMS}", param, ctx)


def before(now: datetime, since: timedelta | datetime) -> datetime:
    """The moment that `since` means at that time."""
    return now - since if isinstance(since, timedelta) else since


def _length(text: str) -> timedelta | None:
    found = _LENGTH.fullmatch(text.strip())
    return timedelta(seconds=float(found[1]) * _UNITS[found[2]]) if found else None
