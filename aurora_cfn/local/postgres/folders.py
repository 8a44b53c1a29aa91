"""Where the data of the database servers lives.

PostgreSQL refuses to run as root, so root's servers run as an ordinary user, who must be able to walk the whole way to
the data. A home such as /root/.cache lets nobody through: its data then lives under /var/lib instead.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from aurora_cfn.local.home import Home

OTHERS_MAY_WALK = 0o001


def data_folder(home: Home) -> Path:
    """The folder of this home's data; it is not made here."""
    if os.geteuid() != 0:
        return home.postgres / "data"
    return _for_root(home)[0]


def data_folders(home: Home) -> tuple[Path, ...]:
    """Every folder in which this home may have kept data, under whichever user it ran."""
    if os.geteuid() != 0:
        return (home.postgres / "data",)
    return (home.postgres / "data", *_for_root(home))


def _for_root(home: Home) -> list[Path]:
    name = hashlib.sha256(str(home.path).encode()).hexdigest()[:12]
    roofs = (Path("/var/lib"), Path(tempfile.gettempdir()))
    return [roof / "aurora-cfn" / name for roof in roofs if os.access(roof, os.W_OK) and is_walkable(roof)]


def is_walkable(folder: Path) -> bool:
    """Whether any user may walk from the root folder to this one."""
    return all(step.stat().st_mode & OTHERS_MAY_WALK for step in (folder, *folder.parents))
