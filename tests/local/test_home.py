from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.local.home import Home, home_from


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"HOME": "/home/ana"}, "linux", "/home/ana/.cache/aurora-cfn/local"),
        ({"HOME": "/home/ana", "XDG_CACHE_HOME": "/fast"}, "linux", "/fast/aurora-cfn/local"),
        ({"HOME": "/Users/ana"}, "darwin", "/Users/ana/Library/Caches/aurora-cfn/local"),
        ({"HOME": "/home/ana", "AURORA_CFN_HOME": "/srv/emu"}, "linux", "/srv/emu"),
        ({"HOME": "/home/ana", "AURORA_CFN_HOME": ""}, "linux", "/home/ana/.cache/aurora-cfn/local"),
    ],
)
def test_the_folder_follows_the_platform_and_the_setting(environ: dict[str, str], platform: str, expected: str) -> None:
    assert str(home_from(environ, platform).path) == expected


def test_a_relative_setting_becomes_absolute() -> None:
    assert home_from({"AURORA_CFN_HOME": "emu"}).path == Path.cwd() / "emu"


def test_only_the_owner_may_look_into_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    home.make()
    assert home.path.stat().st_mode & 0o777 == 0o700
