"""Log lines for Lambda: one JSON object a line on stdout."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any


def record(level: str, message: str, **fields: Any) -> None:
    """Write one line; `fields` must not contain data of a caller or a token."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"timestamp": now, "level": level, "message": message, **fields}
    sys.stdout.write(json.dumps(line, default=str) + "\n")
    sys.stdout.flush()


def described(error: BaseException) -> dict[str, str]:
    """The fields to log of an error: its type and message; of a database error no detail, which may contain values."""
    first = error.args[0] if error.args else ""
    if isinstance(first, dict):
        # pg8000 raises with the fields of the protocol's ErrorResponse: C is the SQLSTATE, M the message.
        return {"error": type(error).__name__, "sqlstate": str(first.get("C", "")), "reason": str(first.get("M", ""))}
    return {"error": type(error).__name__, "reason": str(error)[:500]}


def sentence(error: BaseException) -> str:
    """The error in one line, for the stack's events; of an error that only wraps another one, that one."""
    cause = error.__cause__
    fields = described(cause if cause is not None and not error.args else error)
    return " ".join(filter(None, (fields["error"], fields.get("sqlstate", "")))) + f": {fields['reason']}"
