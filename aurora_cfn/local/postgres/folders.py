"""Where the data of the database servers lives.

PostgreSQL refuses to run as root, so root's servers run as an ordinary user, who needs access to every folder above the
data. A home such as /root/.cache gives no such access: its data lives under /var/lib instead.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from aurora_cfn.local.home import Home

ROOFS_FOR_ROOT = (Path("/var/lib"), Path("/tmp"))
LONGEST_SOCKET = 100
"""Bytes of a path to a socket: the kernel allows 107 on Linux and 103 on macOS."""


def data_folder(home: Home) -> Path:
    """The folder of this home's data; it is not made here."""
    return data_folders(home)[0]


def data_folders(home: Home) -> tuple[Path, ...]:
    """Every folder in which this home may keep data, the one in use first."""
    if os.geteuid() != 0:
        return (home.postgres / "data",)
    return tuple(roof / "aurora-cfn" / token(home) for roof in ROOFS_FOR_ROOT if os.access(roof, os.W_OK))


def socket_folder(home: Home, name: str) -> Path:
    """The folder of one server's socket: beside its data, or under /tmp where that path is too long for the kernel."""
    beside = data_folder(home) / name
    if len(str(beside / ".s.PGSQL.5432").encode()) <= LONGEST_SOCKET:
        return beside
    return short_folder(home) / name


def short_folder(home: Home) -> Path:
    """Where the sockets of a home with a long path are."""
    return Path("/tmp") / f"aurora-cfn-{os.geteuid()}-{token(home)}"


def token(home: Home) -> str:
    """Twelve characters that stand for this home."""
    return hashlib.sha256(str(home.path).encode()).hexdigest()[:12]
