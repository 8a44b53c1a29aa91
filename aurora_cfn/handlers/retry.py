"""Retries: while a database does not answer yet, and after conflicts of transactions."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from pg8000.native import DatabaseError

from .connection import UnavailableError, code_of
from .log import record

T = TypeVar("T")
CONFLICT = "40001"
"""SQLSTATE of serialization_failure, DSQL's error for every conflict (user guide, concurrency, read 2026-11)."""


def retry_unavailable(
    work: Callable[[], T], *, attempts: int = 8, pause: float = 5.0, sleep: Callable[[float], None] = time.sleep
) -> T:
    """The result of `work`, repeated every `pause` seconds while it raises UnavailableError."""
    for attempt in range(1, attempts):
        try:
            return work()
        except UnavailableError:
            record("WARN", "the database does not answer yet", attempt=attempt)
            sleep(pause)
    return work()


def retry_conflicts(
    work: Callable[[], T], *, attempts: int = 5, pause: float = 0.05, sleep: Callable[[float], None] = time.sleep
) -> T:
    """The result of `work`, repeated after a conflict; pauses start with `pause` seconds, double, and have jitter."""
    for attempt in range(attempts - 1):
        try:
            return work()
        except DatabaseError as error:
            if code_of(error) != CONFLICT:
                raise
            # Jitter, so that two transactions that met do not meet again.
            sleep(pause * 2**attempt * random.uniform(0.5, 1.5))
    return work()
