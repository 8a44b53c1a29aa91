"""What the service says when it refuses, and how much a request and a result may hold.

Sources: RDS Data API reference (exceptions, ExecuteStatement) and Aurora User Guide, "Limitations for the Amazon RDS
Data API" and "Troubleshooting RDS Data API", read 2026-11. A row counts 2 bytes, each column 4, each value its length,
as Aurora Serverless v2 was seen to count.
"""

from __future__ import annotations

from collections.abc import Sequence

# Limits of the Data API, in bytes (Aurora User Guide, "Using RDS Data API: limitations", read 2026-11).
LONGEST_SQL = 65_536
LARGEST_REQUEST = 4 * 1024 * 1024
LARGEST_ROW = 64 * 1024
LARGEST_RESULT = 1024 * 1024
LARGEST_FORMATTED = 10 * 1024 * 1024
ROW_BYTES, COLUMN_BYTES = 2, 4

Row = Sequence[str | bytes | None]


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


def check_request(body: bytes) -> None:
    """Raise DataApiError for a request that is too large."""
    if len(body) > LARGEST_REQUEST:
        raise bad_request(f"The request has {len(body)} bytes; the limit is {LARGEST_REQUEST} (4 MiB)")


def check_rows(rows: Sequence[Row], *, formatted: bool) -> None:
    """Raise DataApiError for a row over 64 KB and, unless the result is formatted as JSON, for a result over 1 MiB."""
    total = 0
    for row in rows:
        size = sum(len(value.encode() if isinstance(value, str) else value) for value in row if value is not None)
        if size > LARGEST_ROW:
            words = f"Packet for query is too large: a row of the result has {size} bytes; the limit is {LARGEST_ROW}."
            raise DataApiError("UnsupportedResultException", words)
        total += ROW_BYTES + COLUMN_BYTES * len(row) + size
    if total > LARGEST_RESULT and not formatted:
        raise DataApiError("UnsupportedResultException", "The result exceeds the size limit 1 MB.")


def check_formatted(text: str) -> None:
    """Raise DataApiError for formatted records over 10 MB."""
    if len(text.encode()) > LARGEST_FORMATTED:
        raise DataApiError("UnsupportedResultException", "The result exceeds the size limit 10 MB.")
