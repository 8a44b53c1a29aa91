"""Where this program keeps what it can make again: the user's cache folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def cache_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The cache folder of this user for aurora-cfn, not yet made; `AURORA_CFN_CACHE` names another one."""
    chosen = environ.get("AURORA_CFN_CACHE")
    if chosen:
        return Path(chosen)
    if platform == "win32":
        given = environ.get("LOCALAPPDATA")
        return (Path(given) if given else Path.home() / "AppData" / "Local") / "aurora-cfn" / "Cache"
    if platform == "darwin":
        return Path.home() / "Library" / "Caches" / "aurora-cfn"
    given = environ.get("XDG_CACHE_HOME", "")
    # The XDG base directory specification: a relative path is to be ignored.
    return (Path(given) if given.startswith("/") else Path.home() / ".cache") / "aurora-cfn"
