"""Dates and times of a result: always in UTC and without an offset, whatever the session's time zone is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from aurora_cfn.local.dataapi.errors import DataApiError

_OFFSET = re.compile(r"(?P<clock>.*\d\d:\d\d:\d\d)(?P<fraction>\.\d+)?(?P<sign>[+-])(?P<offset>\d\d(?::\d\d){0,2})")
_INFINITE = frozenset({"infinity", "-infinity"})
_SECONDS = (3600, 60, 1)


def moment(text: str, kind: str) -> str:
    """The text of a value of any type; only those of dates and times are changed.

    Raises DataApiError for infinity, at which the service fails with an internal error (seen on Aurora PostgreSQL 17).
    """
    if kind not in {"date", "timestamp", "timestamptz"}:
        return text
    if text in _INFINITE:
        raise DataApiError("InternalServerErrorException", f"The service cannot return the {kind} {text}.", 500)
    return _in_utc(text) if kind == "timestamptz" else text


def _in_utc(text: str) -> str:
    found = _OFFSET.fullmatch(text)
    if found is None:  # a year before Christ ends in BC
        return text
    parts = [int(part) for part in found["offset"].split(":")]
    shift = timedelta(seconds=sum(part * size for part, size in zip(parts, _SECONDS, strict=False)))
    if not shift:
        return found["clock"] + (found["fraction"] or "")
    try:
        clock = datetime.fromisoformat(found["clock"])
    except ValueError:  # a year that Python does not have
        return text
    moved = clock - shift if found["sign"] == "+" else clock + shift
    return moved.isoformat(" ", "seconds") + (found["fraction"] or "")
