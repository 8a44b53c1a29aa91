"""The wheel works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(out),
    ]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    return next(out.glob("aurora_cfn-*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_the_package_with_its_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"aurora_cfn"}
    data = {path.relative_to(ROOT).as_posix() for path in (ROOT / "aurora_cfn").rglob("*.json")}
    assert data <= set(names)
    examples = {f"aurora_cfn/starter/examples/{path.name}" for path in (ROOT / "params" / "examples").glob("*.yaml")}
    pages = {f"aurora_cfn/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "docs").rglob("*.md")}
    assert {*examples, *pages, "aurora_cfn/starter/blueprint.py.txt"} <= set(names)


@pytest.mark.slow
def test_render_in_an_empty_folder_writes_the_committed_templates(wheel: Path, tmp_path: Path) -> None:
    site, folder = tmp_path / "site", tmp_path / "empty"
    folder.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    environment = os.environ | {"PYTHONPATH": str(site)}
    subprocess.run([sys.executable, "-m", "aurora_cfn", "render"], cwd=folder, env=environment, check=True)
    written = {path.name: path.read_text() for path in (folder / "templates").glob("*.yaml")}
    assert written == {path.name: path.read_text() for path in (ROOT / "templates").glob("*.yaml")}
