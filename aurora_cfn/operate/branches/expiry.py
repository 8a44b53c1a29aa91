"""When a branch ends: `3d`, `2026-12-01`, `2026-12-01 16:20`, `never`; and the words for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aurora_cfn.errors import InputError

NEVER = "never"
_LENGTH = re.compile(r"(\d+)\s*(m|h|d|w)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
SHORTEST = timedelta(minutes=5)
"""A schedule fires within the minute of its time; a shorter life is a mistake."""
LONGEST = timedelta(days=365)
"""A branch is a copy of production's data: a branch that is needed for longer gets `never`."""
FORMS = "3d, 12h, 2026-12-01, `2026-12-01 16:20` (UTC) or never"


@dataclass(frozen=True, slots=True)
class Expiry:
    """A length from now, or a moment in UTC; neither for a branch that stays."""

    after: timedelta | None = None
    at: datetime | None = None

    def moment(self, now: datetime) -> datetime | None:
        """The moment, to the minute. Raises InputError for one that is too near, past, or too far."""
        found = now + self.after if self.after else self.at
        if found is None:
            return None
        if found < now + SHORTEST:
            raise InputError(f"{shown(found)} is past, or less than {SHORTEST.seconds // 60} minutes from now")
        if found > now + LONGEST:
            raise InputError(f"{shown(found)} is more than a year from now: write never for a branch that stays")
        return found.replace(second=0, microsecond=0)


def parsed(text: str) -> Expiry:
    """The expiry that the text means; a day alone means its end. Raises ValueError."""
    if text == NEVER:
        return Expiry()
    found = _LENGTH.fullmatch(text)
    if found:
        return Expiry(after=int(found[1]) * _UNITS[found[2]])
    moment = datetime.fromisoformat(text.removesuffix(" UTC").removesuffix("Z"))
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return Expiry(at=moment + timedelta(days=1) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else moment)


def shown(moment: datetime) -> str:
    """`2026-12-01 16:20 UTC`."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
