from __future__ import annotations

from pathlib import Path

from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import keys_of, read_keys


def test_the_keys_of_a_home_are_random_private_and_made_once(tmp_path: Path) -> None:
    one, two = Home(tmp_path / "one"), Home(tmp_path / "two")
    assert read_keys(one) is None
    made = keys_of(one)
    assert keys_of(one) == made == read_keys(one)
    assert made != keys_of(two)
    assert len(made.access_key_id) == 20
    assert len(made.secret_access_key) == 40
    assert one.keys.stat().st_mode & 0o777 == 0o600
    assert made.secret_access_key not in repr(made)
    assert made.secret_access_key not in made.page_token


def test_damaged_keys_are_made_anew(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.keys.write_text("{}")
    assert read_keys(home) is None
    assert keys_of(home) == read_keys(home)
