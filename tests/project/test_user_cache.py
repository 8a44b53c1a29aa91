"""The user's cache folder on each system."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.project.user_cache import cache_folder

HOME = Path.home()


@pytest.mark.parametrize(
    ("environ", "platform", "folder"),
    [
        ({}, "linux", HOME / ".cache" / "aurora-cfn"),
        ({"XDG_CACHE_HOME": "/c"}, "linux", Path("/c/aurora-cfn")),
        ({"XDG_CACHE_HOME": "relative"}, "linux", HOME / ".cache" / "aurora-cfn"),
        ({"XDG_CACHE_HOME": "/c"}, "darwin", HOME / "Library" / "Caches" / "aurora-cfn"),
        ({"LOCALAPPDATA": "/local"}, "win32", Path("/local/aurora-cfn/Cache")),
        ({}, "win32", HOME / "AppData" / "Local" / "aurora-cfn" / "Cache"),
        ({"AURORA_CFN_CACHE": "/mine", "XDG_CACHE_HOME": "/c"}, "linux", Path("/mine")),
        ({"AURORA_CFN_CACHE": "/mine"}, "darwin", Path("/mine")),
    ],
)
def test_the_cache_folder_follows_the_system(environ: dict[str, str], platform: str, folder: Path) -> None:
    assert cache_folder(environ, platform) == folder
