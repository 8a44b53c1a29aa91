"""What the caller may not read, or the endpoint cannot answer, is noted and left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from aurora_cfn.errors import AwsError

Found = TypeVar("Found")


def read_or_note(what: str, note: Callable[[str], None], ask: Callable[[], Found]) -> Found | None:
    """The answer; None, after a note with AWS's reason, where it is denied or unsupported. Raises other AwsErrors."""
    try:
        return ask()
    except AwsError as error:
        if not (error.denied or error.unsupported):
            raise
        note(f"{what}: {error}")
        return None
