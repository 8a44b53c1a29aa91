"""Advisory locks on files: they end with the process that holds them, however it ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aurora_cfn.errors import BusyError

POLL_SECONDS = 0.02


def take(path: Path) -> int | None:
    """The descriptor that holds the lock, or None while another process holds it."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_held(path: Path) -> bool:
    """Whether some process holds the lock now."""
    if not path.exists():
        return False
    descriptor = take(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


@contextmanager
def held(path: Path, patience: float) -> Iterator[None]:
    """Hold the lock; BusyError when another process keeps it for longer than `patience` seconds."""
    deadline = time.monotonic() + patience
    while (descriptor := take(path)) is None:
        if time.monotonic() > deadline:
            raise BusyError(f"another process has been starting or stopping the emulator for {patience:g} s ({path})")
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        os.close(descriptor)
