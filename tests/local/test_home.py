from __future__ import annotations

import re
from pathlib import Path

import pytest
from platformdirs import user_state_path

from aurora_cfn.errors import InputError
from aurora_cfn.local.home import Home, home_from


def project(folder: Path) -> Path:
    (folder / "params").mkdir(parents=True)
    return folder


@pytest.mark.parametrize("setting", ["", None])
def test_without_the_setting_it_is_a_part_of_the_users_state(setting: str | None, tmp_path: Path) -> None:
    environ = {} if setting is None else {"AURORA_CFN_HOME": setting}
    state = user_state_path("aurora-cfn", appauthor=False)
    found = home_from(environ, project(tmp_path / "shop")).path
    assert found.parent == state / "local"
    assert found.name.startswith("shop-")
    assert found.is_absolute()


def test_each_project_has_a_home_of_its_own(tmp_path: Path) -> None:
    folders = [project(tmp_path / name) for name in ("a/shop", "b/shop", "shop/billing")]
    assert len({home_from({}, folder).path for folder in folders}) == 3


def test_a_folder_inside_a_project_has_the_home_of_the_project(tmp_path: Path) -> None:
    shop = project(tmp_path / "shop")
    (shop / "src").mkdir()
    assert home_from({}, shop / "src") == home_from({}, shop) == home_from({}, shop / "params")


def test_the_name_of_a_project_may_be_anything(tmp_path: Path) -> None:
    for name in ("Mein Projekt é", "...", "x" * 200):
        found = home_from({}, project(tmp_path / name)).path.name
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,60}", found)
        assert not found.startswith(".")


def test_the_setting_names_the_folder() -> None:
    assert home_from({"AURORA_CFN_HOME": "/srv/emu"}).path == Path("/srv/emu")
    assert home_from({"AURORA_CFN_HOME": "~/emu"}).path == Path.home() / "emu"


def test_a_relative_setting_becomes_absolute() -> None:
    assert home_from({"AURORA_CFN_HOME": "emu"}).path == Path.cwd() / "emu"


def test_only_the_owner_may_look_into_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    home.make()
    assert home.path.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("inside", ["", "deep"])
def test_a_file_in_its_place_is_named_with_the_setting(inside: str, tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    place = tmp_path / "home" / inside
    says = re.escape(f"{place}: the emulator's folder cannot be made: ") + ".*set AURORA_CFN_HOME to a folder"
    with pytest.raises(InputError, match=says):
        Home(place).make()
