"""When a stack is deleted by a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StackEnd:
    """The schedule of one stack, by ARN; `at` is UTC, None where the stack is to stay."""

    stack_arn: str
    at: datetime | None
