"""Where the data and the sockets of the database servers are.

PostgreSQL refuses to run as root, so root's servers run as an ordinary user, who needs access to every folder above the
data. A home such as /root/.cache gives no such access: its data lives under /var/lib instead. A socket lives beside
its data, unless that path is too long for the kernel.

The setting AURORA_CFN_DATA names another folder for new data, such as /dev/shm: databases in memory are made several
times faster, and are gone when the machine restarts.

/tmp and /dev/shm are everyone's: a folder there has a random name, is made for this home, and is used only as long as
it is ours.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aurora_cfn.local.home import Home
from aurora_cfn.local.record import replace_text

SETTING = "AURORA_CFN_DATA"
FOR_ROOT = Path("/var/lib")
LONGEST_SOCKET = 100
"""Bytes of a path to a socket: the kernel allows 107 on Linux and 103 on macOS."""
SOCKET = ".s.PGSQL.5432"
PREFIX = "aurora-cfn-"


def data_folder(home: Home) -> Path:
    """The folder of this home's data, which servers make folders in; FileNotFoundError where the setting is wrong."""
    noted, usual, chosen = _noted(home, "data"), _usual(home), os.environ.get(SETTING)
    if noted:
        return noted
    # Data that are there already stay in use: the setting is for new ones.
    if chosen and not (usual and any(usual.glob("*/data"))):
        return temporary(home, "data", Path(chosen).expanduser())
    return usual or temporary(home, "data")


def programs_folder(home: Home) -> Path:
    """The folder of copies of PostgreSQL: links on the file system of the originals, where that is possible."""
    return (_usual(home) or data_folder(home)) / "binaries"


def _usual(home: Home) -> Path | None:
    if os.geteuid() != 0:
        return home.postgres / "data"
    return FOR_ROOT / "aurora-cfn" / token(home) if os.access(FOR_ROOT, os.W_OK) else None


def socket_folder(home: Home, name: str) -> Path:
    """The folder of one server's socket: beside its data, or a temporary one where that path is too long."""
    beside = data_folder(home) / name
    if len(str(beside / SOCKET).encode()) <= LONGEST_SOCKET:
        return beside
    return temporary(home, "sockets") / name


def outside_folders(home: Home) -> Iterator[Path]:
    """The folders of this home that are not inside it."""
    if os.geteuid() == 0:
        yield FOR_ROOT / "aurora-cfn" / token(home)
    for purpose in ("data", "sockets"):
        found = _noted(home, purpose)
        if found:
            yield found


def temporary(home: Home, purpose: str, parent: Path = Path("/tmp")) -> Path:
    """A folder with a random name in `parent`, the same one at each call; a new one when it is gone or not ours."""
    found = _noted(home, purpose)
    if found:
        return found
    made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    if os.geteuid() == 0:
        made.chmod(0o711)  # the servers run as another user, who passes through to folders of their own
    home.postgres.mkdir(parents=True, exist_ok=True)
    replace_text(_note(home, purpose), str(made))
    return made


def _noted(home: Home, purpose: str) -> Path | None:
    try:
        path = Path(_note(home, purpose).read_text())
        found = path.lstat()
    except OSError:
        return None
    # 0o066: no other user may list it or write into it; to pass through is allowed.
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o066
    return path if ours else None


def _note(home: Home, purpose: str) -> Path:
    return home.postgres / f"{purpose}-folder"


def token(home: Home) -> str:
    """Twelve characters that stand for this home."""
    return hashlib.sha256(str(home.path).encode()).hexdigest()[:12]
