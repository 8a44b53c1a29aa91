"""This process as a mark that others can check, and whether the process of such a mark is gone."""

from __future__ import annotations

import hashlib
import os
import socket
from functools import cache
from pathlib import Path

from aurora_cfn.model.owner import Owner

PROC = Path("/proc")
DEAD = frozenset("ZXx")
"""States of a process that has ended and that nobody has asked about yet (proc_pid_stat(5), read 2026-11)."""


def this_process() -> Owner:
    """This process; its machine is a digest that tells nobody the host's name."""
    pid = os.getpid()
    return Owner(_machine(), pid, _began(pid))


def is_gone(maker: Owner) -> bool:
    """Whether it is certain that the process has ended: False for one of another machine, container or system."""
    if maker.machine != _machine() or os.name != "posix":
        return False
    try:
        os.kill(maker.process, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        pass
    state, began = _stat(maker.process)
    return state in DEAD or bool(maker.began and began and began != maker.began)


@cache
def _machine() -> str:
    """Digest of the host, of this start of its system, and of the room in which its process ids count."""
    return hashlib.blake2s("\0".join((socket.gethostname(), _boot(), _room())).encode(), digest_size=6).hexdigest()


def _boot() -> str:
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _room() -> str:
    try:
        return str((PROC / "self/ns/pid").readlink())
    except OSError:
        return ""


def _began(pid: int) -> str:
    return _stat(pid)[1]


def _stat(pid: int) -> tuple[str, str]:
    """State and start of the process, in ticks since the system began; both empty where that is not told."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return "", ""
    # The name of the program comes before, in brackets, and may hold anything.
    rest = text.rpartition(")")[2].split()
    return rest[0], rest[19]
