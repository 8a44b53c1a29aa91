from __future__ import annotations

from pathlib import Path

import pytest
from platformdirs import user_cache_path

from aurora_cfn.local.home import Home, home_from


@pytest.mark.parametrize("setting", ["", None])
def test_without_the_setting_it_is_a_part_of_the_users_cache(setting: str | None) -> None:
    environ = {} if setting is None else {"AURORA_CFN_HOME": setting}
    cache = user_cache_path("aurora-cfn", appauthor=False)
    assert home_from(environ).path == cache / "local"
    assert home_from(environ).path.is_absolute()


def test_the_setting_names_the_folder() -> None:
    assert home_from({"AURORA_CFN_HOME": "/srv/emu"}).path == Path("/srv/emu")
    assert home_from({"AURORA_CFN_HOME": "~/emu"}).path == Path.home() / "emu"


def test_a_relative_setting_becomes_absolute() -> None:
    assert home_from({"AURORA_CFN_HOME": "emu"}).path == Path.cwd() / "emu"


def test_only_the_owner_may_look_into_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    home.make()
    assert home.path.stat().st_mode & 0o777 == 0o700
