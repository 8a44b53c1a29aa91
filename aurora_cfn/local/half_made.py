"""Where the data of a server are while they are made, before a rename makes them its data folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def half_made(folder: Path) -> Path:
    """A path in the folder at which nothing is; what earlier processes left half made is removed."""
    for left in folder.glob("half-*"):
        shutil.rmtree(left, ignore_errors=True)
    # A name of this process: the initdb of an emulator that was killed may still write into its own for a moment.
    return folder / f"half-{os.getpid()}"
