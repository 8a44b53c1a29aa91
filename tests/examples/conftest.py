"""One copy of the project for all tests that deploy it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.examples.workplace import ROOT, Workplace


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    folder = tmp_path_factory.mktemp("examples")
    for name in ("templates", "params"):
        shutil.copytree(ROOT / name, folder / name)
    place = Workplace(folder, tmp_path_factory.mktemp("home"))
    yield place
    place.run("local", "reset", "--yes")
