"""The name of a project: written, of the remote, of the folder."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from aurora_cfn.project.identity import project_name, repository_name


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("remote", "name"),
    [
        ("https://example.com/team/shop.git", "shop"),
        ("https://example.com/team/shop/", "shop"),
        ("git@example.com:team/shop.git", "shop"),
        ("git@example.com:shop", "shop"),
        ("/srv/git/shop.git", "shop"),
    ],
)
def test_a_repository_has_the_last_part_of_its_remote(remote: str, name: str) -> None:
    assert repository_name(remote) == name


def test_what_is_written_counts_first(tmp_path: Path) -> None:
    assert project_name("billing", tmp_path) == "billing"


def test_outside_of_a_repository_it_is_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "Shop & Söhne"
    folder.mkdir()
    assert project_name(None, folder) == "Shop - Söhne"


def test_a_repository_without_a_remote_has_the_name_of_its_folder(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    git(shop, "init", "-q")
    (shop / "services" / "db").mkdir(parents=True)
    assert project_name(None, shop) == "shop"
    assert project_name(None, shop / "services" / "db") == "shop/services/db"


def test_clones_of_one_repository_are_one_project(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        git(tmp_path / name, "init", "-q")
        git(tmp_path / name, "remote", "add", "origin", "git@example.com:team/shop.git")
    assert project_name(None, tmp_path / "one") == project_name(None, tmp_path / "two") == "shop"
