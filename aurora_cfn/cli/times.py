"""Options that name a moment or a length of time: `1h`, `500ms`, `2026-11-28 14:00`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from aurora_cfn.cli.options import Parsed

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def _length(text: str) -> timedelta:
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return timedelta(seconds=float(found[1]) * _UNITS[found[2]])


def _moment(text: str) -> timedelta | datetime:
    try:
        return _length(text.removesuffix(" ago"))
    except ValueError:
        found = datetime.fromisoformat(text.removesuffix(" UTC"))
    return found.replace(tzinfo=found.tzinfo or UTC)


LENGTH = Parsed("length", _length, "is no length of time, such as 500ms, 30s, 5m, 1h or 2d")
"""A length of time such as 500ms, 30s, 5m, 1h or 2d, as a timedelta."""
MOMENT = Parsed("moment", _moment, "is neither a length before now (1h) nor a time (2026-11-28 14:00)")
"""A length before now (1h), as a timedelta, or a date and time in ISO 8601, as a datetime; without a zone it is in UTC.

`before` makes a moment of both, by the clock of the command.
"""


def before(now: datetime, since: timedelta | datetime) -> datetime:
    """The moment that `since` means at that time."""
    return now - since if isinstance(since, timedelta) else since
