"""Wait for what another process or thread does, for as long as it takes and no longer."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMEOUT = 60.0
"""Seconds until a test fails because what it waits for never came, also on a busy machine."""
PAUSE = 0.01


def until(true: Callable[[], object], timeout: float = TIMEOUT, pause: float = PAUSE) -> bool:
    """Whether it became true."""
    deadline = time.monotonic() + timeout
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
