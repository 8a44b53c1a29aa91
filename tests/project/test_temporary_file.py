"""A secret in a temporary file: private, gone afterwards, and one sentence where it cannot be written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from aurora_cfn.cli.runs.rendered_files import resolve_aliases
from aurora_cfn.errors import InputError
from aurora_cfn.project.temporary_file import temporary_file
from tests.fakes.no_room import no_room


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def opened(text: str) -> None:
    with temporary_file(text, ".cnf"):
        raise AssertionError


def test_it_is_private_and_deleted_after_the_block(folder: Path) -> None:
    with temporary_file("secret", ".cnf") as name:
        (path,) = folder.iterdir()
        assert (str(path), path.read_text(), path.stat().st_mode & 0o777) == (name, "secret", 0o600)
    assert list(folder.iterdir()) == []


def test_without_room_nothing_stays(folder: Path) -> None:
    with no_room(), pytest.raises(InputError, match=r"\.cnf: cannot be written: File too large"):
        opened("secret")
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "none"))
    with pytest.raises(InputError, match="a temporary file: cannot be written: No such file or directory"):
        opened("secret")


def test_a_params_file_whose_aliases_find_no_room_stays(tmp_path: Path) -> None:
    path, text = tmp_path / "dev.yaml", "a: &x [1]\nb: *x\n"
    path.write_text(text)
    with no_room(), pytest.raises(InputError, match=r"dev\.yaml: cannot be written: File too large"):
        resolve_aliases([path], stdout=False)
    assert [row.read_text() for row in tmp_path.iterdir()] == [text]
