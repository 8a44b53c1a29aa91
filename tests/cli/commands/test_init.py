"""`init` in an empty folder, and in one that is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn import __version__
from aurora_cfn.cli import root
from aurora_cfn.yamltext import read_plain

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(root, list(arguments))


def test_the_new_repository_passes_its_own_checks(folder: Path) -> None:
    result = run("init")
    assert (result.exit_code, result.stdout) == (0, "")
    assert run("render", "--check").exit_code == 0
    assert run("schema", "--check").exit_code == 0


def test_its_params_are_the_ones_that_this_project_ships(folder: Path) -> None:
    run("init")
    for name in ("dev", "local", "production"):
        shipped = (ROOT / "params" / f"{name}.yaml").read_text(encoding="utf-8")
        assert (folder / "params" / f"{name}.yaml").read_text(encoding="utf-8") == shipped


def test_the_workflow_and_the_hooks_are_yaml_and_name_this_version(folder: Path) -> None:
    run("init")
    for name in (".github/workflows/aurora-cfn.yml", ".pre-commit-config.yaml"):
        text = (folder / name).read_text()
        assert read_plain(text, name).value
        assert f"aurora-cfn=={__version__}" in text
        assert "@VERSION@" not in text


def test_the_workflow_asks_for_no_more_than_it_needs(folder: Path) -> None:
    run("init")
    text = (folder / ".github/workflows/aurora-cfn.yml").read_text()
    workflow = read_plain(text, "w").value
    assert isinstance(workflow, dict)
    assert workflow["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert "pull_request_target" not in text


def test_a_file_that_exists_is_left_as_it_is(folder: Path) -> None:
    (folder / "README.md").write_text("mine")
    result = run("init")
    assert "README.md: exists, left as it is" in result.stderr
    assert (folder / "README.md").read_text() == "mine"


def test_every_environment_has_a_hook_that_checks_its_values(folder: Path) -> None:
    run("init")
    text = (folder / ".pre-commit-config.yaml").read_text()
    for path in (folder / "params").glob("*.yaml"):
        assert f"entry: aurora-cfn lint --env {path.stem}\n" in text
        assert f"files: ^params/{path.stem}\\.yaml$\n" in text
