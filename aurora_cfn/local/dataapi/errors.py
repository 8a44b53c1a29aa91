"""What the service says when it refuses, and PostgreSQL's errors in its wrapping.

Sources: RDS Data API reference (exceptions) and Aurora User Guide, "Troubleshooting RDS Data API", read 2026-11.
"""

from __future__ import annotations

from typing import Any


class DataApiError(Exception):
    """A refused request: its exception's name, its words, its HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        """`code` is the name of the exception in the API."""
        super().__init__(message)
        self.code = code
        self.status = status


def bad_request(message: str) -> DataApiError:
    """The request itself is wrong."""
    return DataApiError("BadRequestException", message)


def from_database(error: Any) -> DataApiError:
    """PostgreSQL's message as the service words it; a timeout has an exception of its own."""
    state = getattr(error, "pgcode", None)
    if state == "57014" and "statement timeout" in str(error):
        return DataApiError("StatementTimeoutException", "Statement timed out")
    told = getattr(error, "diag", None)
    text = (told.message_primary if told else None) or _words(error)
    severity = (told.severity if told else None) or "FATAL"
    parts = [f"{severity}: {text}"]
    if told and told.message_detail:
        parts.append(f"Detail: {told.message_detail}")
    if told and told.message_hint:
        parts.append(f"Hint: {told.message_hint}")
    if told and told.statement_position:
        parts.append(f"Position: {told.statement_position}")
    return DataApiError("DatabaseErrorException", "; ".join([*parts, f"SQLState: {state or _state(text)}"]))


def _words(error: Any) -> str:
    return str(error).strip().splitlines()[0].rpartition("FATAL:")[2].strip()


def _state(text: str) -> str:
    return {"password": "28P01", "database": "3D000"}.get(text.partition(" ")[0], "08006")
