"""Processes as owners of change sets and of tunnels in the background, and whether such an owner has ended."""

from __future__ import annotations

import hashlib
import os
import socket
from functools import cache
from pathlib import Path

from aurora_cfn.model.ownership import Owner

PROC = Path("/proc")
DEAD = frozenset("ZXx")
"""States of a zombie or dead process, whose id still exists (proc_pid_stat(5), read 2026-11)."""


def this_process() -> Owner:
    """This process; its machine is a digest, so that a description in AWS does not contain the host's name."""
    return process(os.getpid())


def process(pid: int) -> Owner:
    """The process of that id, which exists."""
    return Owner(_machine(), pid, _stat(pid)[1])


def is_dead(owner: Owner) -> bool:
    """Whether the process has certainly ended; False for one of another machine or container."""
    if owner.machine != _machine() or os.name != "posix":
        return False
    try:
        os.kill(owner.process, 0)  # signal 0 only checks that the process exists
    except ProcessLookupError:
        return True
    # A process of another user exists; an id that is too large for the system may be of another machine.
    except (PermissionError, OverflowError):
        pass
    state, began = _stat(owner.process)
    # Another start time: the id now belongs to another process.
    return state in DEAD or bool(owner.began and began and began != owner.began)


@cache
def _machine() -> str:
    """Digest of the host name, the boot id, and the namespace of process ids, which each container has of its own."""
    parts = (socket.gethostname(), _boot_id(), _pid_namespace())
    return hashlib.blake2s("\0".join(parts).encode(), digest_size=6).hexdigest()


def _boot_id() -> str:
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _pid_namespace() -> str:
    try:
        return str((PROC / "self/ns/pid").readlink())
    except OSError:
        return ""


def _stat(pid: int) -> tuple[str, str]:
    """State and start time (ticks since boot) of the process; both empty on systems without /proc."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return "", ""
    # The program's name before them is in parentheses, and may contain spaces and parentheses itself.
    rest = text.rpartition(")")[2].split()
    # Fields 3 (state) and 22 (starttime) of proc_pid_stat(5): the id and the name are cut off.
    return rest[0], rest[19]
