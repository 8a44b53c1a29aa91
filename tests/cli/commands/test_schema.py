"""`aurora-cfn schema` as a whole command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def schema(*arguments: str) -> Result:
    return CliRunner().invoke(root, ["schema", *arguments])


def test_it_prints_json_and_nothing_else(project: Path) -> None:
    result = schema()
    assert (result.exit_code, result.stderr) == (0, "")
    assert "aurora-serverless-postgres" in json.loads(result.stdout)["$defs"]["parameters"]
    assert list(project.iterdir()) == []


def test_written_is_what_is_printed_and_passes_the_check(project: Path) -> None:
    written = schema("--write")
    assert (written.exit_code, written.stdout, written.stderr) == (0, "", "params/schema.json: written\n")
    assert (project / "params/schema.json").read_text() == schema().stdout
    assert schema("--write").stderr == "params/schema.json: unchanged\n"
    check = schema("--check")
    assert (check.exit_code, check.stdout) == (0, "")


def test_a_missing_file_fails_the_check() -> None:
    result = schema("--check")
    assert result.exit_code == 1
    assert result.stderr == "params/schema.json: missing; run: aurora-cfn schema --write\n"


def test_a_stale_file_fails_the_check_with_a_diff_and_stays_as_it_is(project: Path) -> None:
    schema("--write")
    path = project / "params/schema.json"
    stale = path.read_text().replace('"title"', '"tilte"')
    path.write_text(stale)
    result = schema("--check")
    assert result.exit_code == 1
    assert '-  "tilte"' in result.stdout
    assert '+  "title"' in result.stdout
    assert "stale" in result.stderr
    assert path.read_text() == stale


def test_write_and_check_exclude_each_other() -> None:
    assert schema("--write", "--check").exit_code == 2


def test_a_folder_in_the_way_is_one_message(project: Path) -> None:
    (project / "params/schema.json").mkdir(parents=True)
    result = schema("--write")
    assert result.exit_code == 3
    assert result.stderr.startswith("error: params/schema.json: cannot be written")
