"""Log lines: one JSON object a line on stdout, where Lambda picks them up."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any


def record(level: str, message: str, **fields: Any) -> None:
    """Write one line; fields must hold nothing that a caller sent and no token."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"timestamp": now, "level": level, "message": message, **fields}
    sys.stdout.write(json.dumps(line, default=str) + "\n")
    sys.stdout.flush()


def described(error: BaseException) -> dict[str, str]:
    """What may be logged of an error: its type, and of the database's own errors code and message, not the values."""
    told = error.args[0] if error.args else ""
    if isinstance(told, dict):
        return {"error": type(error).__name__, "sqlstate": str(told.get("C", "")), "reason": str(told.get("M", ""))}
    return {"error": type(error).__name__, "reason": str(error)[:500]}


def sentence(error: BaseException) -> str:
    """The same in one line, for whoever deploys; of an error that only wraps another, the inner one."""
    cause = error.__cause__
    told = described(cause if cause is not None and not error.args else error)
    return " ".join(filter(None, (told["error"], told.get("sqlstate", "")))) + f": {told['reason']}"
