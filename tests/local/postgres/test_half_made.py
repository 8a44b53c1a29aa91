"""Where data are made: never where another process may still write."""

from __future__ import annotations

import os
from pathlib import Path

from aurora_cfn.local.servers.database_server import half_made


def test_the_path_is_free_and_of_this_process(tmp_path: Path) -> None:
    for name in ("half-1", f"half-{os.getpid()}", "data"):
        (tmp_path / name / "base").mkdir(parents=True)
    place = half_made(tmp_path)
    assert place.name == f"half-{os.getpid()}"
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
