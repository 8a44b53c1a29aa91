"""What the service says when it refuses, and PostgreSQL's errors in its wrapping.

Sources: RDS Data API reference (exceptions) and Aurora User Guide, "Troubleshooting RDS Data API", read 2026-11.
"""

from __future__ import annotations


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
