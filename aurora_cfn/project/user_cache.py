"""The user's cache folder, and what RDS offered when it was last asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from aurora_cfn.facts.offered import Offered, read_offered


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


def offered_file() -> Path:
    """Where `aurora-cfn facts refresh` keeps what RDS offered."""
    return cache_folder() / "facts" / "offered.json"


def offered() -> Offered:
    """What is kept there; nothing when nobody asked."""
    return read_offered(str(offered_file()))
