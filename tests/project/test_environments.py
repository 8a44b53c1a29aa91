"""From `--env NAME` to the checked params file."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli.options import environment_option
from aurora_cfn.cli.runs.target import read_environment
from aurora_cfn.errors import InputError
from aurora_cfn.project.files import environment_names

GOOD = "region: eu-west-1\nstacks:\n  db: {template: aurora-serverless-postgres}\n"


@pytest.fixture(autouse=True)
def params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "params"
    folder.mkdir()
    (folder / "dev.yaml").write_text(GOOD)
    (folder / "production.yaml").write_text(GOOD)
    (folder / "Not A Name.yaml").write_text(GOOD)
    return folder


@click.command()
@environment_option
def toy(env: str) -> None:
    """Show an environment."""
    click.echo(read_environment(env).stacks[0].name)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(toy, arguments)


def complaint(name: str) -> str:
    with pytest.raises(InputError) as caught:
        read_environment(name)
    return str(caught.value)


def test_the_file_is_found_and_read() -> None:
    result = run("--env", "dev")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "db-dev\n", "")


def test_a_windows_file_with_a_byte_order_mark_is_read(params: Path) -> None:
    (params / "dev.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert run("--env", "dev").stdout == "db-dev\n"


def test_names_are_those_that_may_be_used() -> None:
    assert environment_names() == ["dev", "production"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("prodution", "params/prodution.yaml: there is no such environment (did you mean production?)"),
        ("zzz", "params/zzz.yaml: there is no such environment (known: dev, production)"),
    ],
)
def test_an_unknown_name_gets_a_suggestion(name: str, message: str) -> None:
    assert complaint(name) == message


@pytest.mark.parametrize("name", ["../params/dev", "/etc/hosts", "params/dev.yaml", "dev.yaml", "..", ""])
def test_a_path_is_never_followed(name: str) -> None:
    assert "name" in complaint(name)


def test_the_other_ending_is_recognised(params: Path) -> None:
    (params / "uat.yml").write_text(GOOD)
    assert complaint("uat") == "params/uat.yaml: does not exist (rename params/uat.yml to uat.yaml)"


def test_outside_of_a_project_the_remedy_is_said(params: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(params)
    assert "run the command in the project's folder" in complaint("dev")
    Path("templates").mkdir()
    assert complaint("dev").endswith(
        "(write it, see: aurora-cfn docs params; or describe a running stack: aurora-cfn adopt --help)"
    )


def test_what_is_no_readable_file_is_one_complaint(params: Path) -> None:
    (params / "uat.yaml").mkdir()
    (params / "latin.yaml").write_bytes(b"region: \xe9\n")
    with (params / "huge.yaml").open("wb") as file:
        file.truncate(50_000_000_000)
    assert complaint("uat") == "params/uat.yaml: is a folder, not a file"
    assert complaint("latin") == "params/latin.yaml:1: not UTF-8: byte 0xe9 (save the file as UTF-8)"
    assert "larger than 1,048,576 bytes" in complaint("huge")


def test_the_shell_completes_names() -> None:
    option = next(item for item in toy.params if item.name == "env")
    found = option.shell_complete(click.Context(toy), "p")
    assert [item.value for item in found] == ["production"]


def test_an_example_is_found_by_its_name_but_a_stage_of_that_name_comes_first(params: Path) -> None:
    (params / "examples").mkdir()
    (params / "examples" / "planets.yaml").write_text(GOOD, encoding="utf-8")
    (params / "examples" / "dev.yaml").write_text("region: [", encoding="utf-8")
    assert run("--env", "planets").stdout == "db-planets\n"
    assert run("--env", "dev").stdout == "db-dev\n"
    assert environment_names() == ["dev", "production", "planets"]
