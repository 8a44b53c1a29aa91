"""A folder in memory for the databases of a run: on a disk, making one costs ten times as much CPU time."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")
PREFIX = "aurora-cfn-tests-"
ENOUGH = 4 * 2**30
"""Bytes that have to be free; containers often have 64 MiB there."""


@contextmanager
def folder_in_memory() -> Iterator[Path | None]:
    """A folder for this process, deleted at the end; None where there is no room for databases in memory."""
    if not SHARED_MEMORY.is_dir() or shutil.disk_usage(SHARED_MEMORY).free < ENOUGH:
        yield None
        return
    _delete_left_behind()
    made = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=SHARED_MEMORY))
    made.chmod(0o711)  # root's database servers run as another user
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _delete_left_behind() -> None:
    """Delete the folders of runs that were killed: they would take up memory until the machine restarts."""
    for folder in SHARED_MEMORY.glob(f"{PREFIX}*-*"):
        process = folder.name.removeprefix(PREFIX).partition("-")[0]
        if not _lives(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        pass
    return True
