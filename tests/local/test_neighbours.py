"""Which ports a project's emulator leaves to those of the user's other projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.local.home import Home
from aurora_cfn.local.neighbours import KeptPlaces, port_is_kept
from aurora_cfn.local.record import ServerRecord, write_record


def home(folder: Path, name: str) -> Home:
    made = Home(folder / name)
    made.make()
    return made


def test_a_place_of_another_project_is_not_given_away_while_that_is_stopped(tmp_path: Path) -> None:
    shop, bank = home(tmp_path, "shop"), home(tmp_path, "bank")
    KeptPlaces(shop).keep([("127.0.0.1", 5432), ("127.0.0.2", 5432)])
    assert KeptPlaces(bank).of_others() == {("127.0.0.1", 5432), ("127.0.0.2", 5432)}
    KeptPlaces(shop).keep([("127.0.0.2", 5432)])
    assert KeptPlaces(bank).of_others() == {("127.0.0.2", 5432)}


def test_what_both_have_already_is_left_to_the_first_that_starts(tmp_path: Path) -> None:
    shop, bank = home(tmp_path, "shop"), home(tmp_path, "bank")
    for each in (shop, bank):
        KeptPlaces(each).keep([("127.0.0.1", 5432)])
    assert KeptPlaces(bank).of_others() == frozenset()


@pytest.mark.parametrize("text", ["", "{", "{}", "null"])
def test_a_damaged_file_keeps_nothing(tmp_path: Path, text: str) -> None:
    shop = home(tmp_path, "shop")
    KeptPlaces(shop).keep([])
    (shop.postgres / "places.json").write_text(text)
    (tmp_path / "a-file").write_text("")
    assert KeptPlaces(home(tmp_path, "bank")).of_others() == frozenset()


def test_the_port_of_another_project_is_known_from_its_last_run(tmp_path: Path) -> None:
    shop, bank = home(tmp_path, "shop"), home(tmp_path, "bank")
    write_record(shop.record, ServerRecord(1, 4566, "1"))
    assert (port_is_kept(bank, 4566), port_is_kept(bank, 4567), port_is_kept(shop, 4566)) == (True, False, False)
