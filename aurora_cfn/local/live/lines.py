"""Lines of the live session for a person: requests, saved files, errors in the source."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from aurora_cfn.local.live.outcome import Outcome

SHOWN_FILES = 3


def request_line(event: Any, outcome: Outcome, seconds: float, function: str) -> str:
    """`GET /planets/Mars 200 52 ms`, or the function's name where the event is not of an API."""
    what = _asked(event) or function
    return f"{what} {_result(outcome)} {seconds * 1000:.0f} ms"


def _asked(event: Any) -> str:
    if not isinstance(event, dict):
        return ""
    http = (event.get("requestContext") or {}).get("http") if isinstance(event.get("requestContext"), dict) else None
    if isinstance(http, dict):  # an HTTP API, payload 2.0, or a function URL
        return f"{http.get('method', '')} {event.get('rawPath', '')}"
    if "httpMethod" in event:  # a REST API, or payload 1.0
        return f"{event['httpMethod']} {event.get('path', '')}"
    return ""


def _result(outcome: Outcome) -> str:
    if outcome.error:
        return str(outcome.body.get("errorType", "error")) if isinstance(outcome.body, dict) else "error"
    status = outcome.body.get("statusCode") if isinstance(outcome.body, dict) else None
    return "ok" if status is None else str(status)


def saved_line(names: Sequence[str]) -> str:
    """`saved planets.py`; of many files the first ones and how many more."""
    more = len(names) - SHOWN_FILES
    return f"saved {', '.join(names[:SHOWN_FILES])}{f' and {more} more' if more > 0 else ''}"


def broken_line(error: dict[str, Any], place: Sequence[Any] | None) -> str:
    """Where the source cannot be imported and why; the file is relative to the current folder where it is below it."""
    where = f"{shown_path(str(place[0]))} line {place[1]}: " if place else ""
    return f"{where}{error.get('errorMessage')}; requests get this error until it is fixed"


def shown_path(path: str) -> str:
    """The path below the current folder, else whole."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
