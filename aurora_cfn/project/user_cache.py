"""The user's cache folder, and the engine versions that `facts refresh` stored in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from aurora_cfn.facts.offered import Offered, read_offered


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The user's cache folder of aurora-cfn, which may not exist yet; `AURORA_CFN_CACHE` overrides it."""
    chosen = environ.get("AURORA_CFN_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("aurora-cfn", appauthor=False)


def offered_file() -> Path:
    """The file in which `aurora-cfn facts refresh` stores what RDS offers."""
    return cache_folder() / "facts" / "offered.json"


def offered() -> Offered:
    """The stored offer of RDS, empty before the first `facts refresh`."""
    return read_offered(str(offered_file()))
