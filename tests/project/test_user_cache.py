"""The user's cache folder; platformdirs knows the one of each system."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.project.user_cache import cache_folder


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({}, "~/.cache/aurora-cfn"),
        ({"XDG_CACHE_HOME": "/c"}, "/c/aurora-cfn"),
        ({"XDG_CACHE_HOME": "relative"}, "~/.cache/aurora-cfn"),
        ({"AURORA_CFN_CACHE": "/mine", "XDG_CACHE_HOME": "/c"}, "/mine"),
    ],
)
def test_the_cache_folder_follows_the_environment(
    environ: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert cache_folder(environ) == Path(folder).expanduser()
