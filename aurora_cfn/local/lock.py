"""Advisory locks on files: the operating system releases them when the process ends, even after kill -9."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aurora_cfn.errors import BusyError

if TYPE_CHECKING:
    from filelock import BaseFileLock

POLL_SECONDS = 0.02


def take(path: Path) -> BaseFileLock | None:
    """The lock, held until it is released or collected; None while another process holds it."""
    from filelock import Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    lock = _lock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    return lock


def is_held(path: Path) -> bool:
    """Whether some process holds the lock now."""
    if not path.exists():
        return False
    lock = take(path)
    if lock is None:
        return True
    lock.release()
    return False


@contextmanager
def held(path: Path, timeout: float, what: str = "the emulator") -> Iterator[None]:
    """Hold the lock on starts and stops of `what`; BusyError when another process keeps it for over `timeout` s."""
    from filelock import Timeout

    lock = _lock(path)
    try:
        lock.acquire(timeout=timeout, poll_interval=POLL_SECONDS)
    except Timeout as error:
        message = f"another process has been starting or stopping {what} for {timeout:g} s ({path})"
        raise BusyError(message) from error
    try:
        yield
    finally:
        lock.release()


def _lock(path: Path) -> BaseFileLock:
    from filelock import FileLock

    return FileLock(path, mode=0o600)
