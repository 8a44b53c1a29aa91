from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root


def run(home: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner(env={"AURORA_CFN_HOME": str(home)}).invoke(root, ["local", *arguments], input=typed)


def test_help_shows_examples(tmp_path: Path) -> None:
    result = run(tmp_path, "--help")
    assert result.exit_code == 0
    assert "aurora-cfn local reset" in result.stdout


def test_what_never_ran_is_stopped_and_stays_untouched(tmp_path: Path) -> None:
    home = tmp_path / "home"
    status = run(home, "status")
    assert (status.exit_code, status.stdout.splitlines()[0]) == (1, "emulator    stopped")
    stop = run(home, "stop")
    assert (stop.exit_code, stop.stdout, stop.stderr) == (0, "", "it does not run\n")
    logs = run(home, "logs")
    assert (logs.exit_code, logs.stdout) == (0, "")
    assert not home.exists()


@pytest.mark.parametrize("typed", ["", "n\n", "y\n"])
def test_reset_without_a_terminal_names_the_option_and_deletes_nothing(tmp_path: Path, typed: str) -> None:
    (tmp_path / "state").mkdir()
    refused = run(tmp_path, "reset", typed=typed)
    assert refused.exit_code == 2
    assert "there is no terminal to ask on: --yes deletes without asking" in refused.stderr
    assert (tmp_path / "state").exists()


@pytest.mark.slow
def test_start_prints_the_address_and_nothing_else_on_stdout(tmp_path: Path) -> None:
    start = run(tmp_path, "start")
    assert start.exit_code == 0
    assert start.stdout.startswith("http://127.0.0.1:")
    assert start.stdout.count("\n") == 1
    assert start.stderr.startswith("started (pid ")
    status = run(tmp_path, "status", "--format", "json")
    assert status.exit_code == 0
    assert '"running": true' in status.stdout
    result = run(tmp_path, "simulate", "--fault", "create:X=full", "--delay", "AWS::RDS::*=1.5")
    assert (result.exit_code, result.stdout) == (0, "fault  create:X  full\ndelay  AWS::RDS::*  1.5 s\n")
    assert run(tmp_path, "simulate", "--clear").stdout == ""
    wrong = run(tmp_path, "simulate", "--fault", "explode:X=y")
    assert (wrong.exit_code, wrong.stdout) == (3, "")
    assert "'explode:X' is not one of create:NAME" in wrong.stderr
    lost = run(tmp_path, "pause", "absent")
    assert lost.exit_code == 3
    assert "no database is called 'absent'" in lost.stderr
    env = run(tmp_path, "env")
    assert f"export AWS_ENDPOINT_URL={start.stdout}" in env.stdout
    assert run(tmp_path, "reset", "--yes").stderr == "deleted\n"
    assert run(tmp_path, "status").exit_code == 1


@pytest.mark.parametrize("arguments", [("simulate",), ("pause", "x"), ("simulate", "--fault", "create:X=y")])
def test_nothing_is_asked_of_an_emulator_that_does_not_run(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(tmp_path / "home", *arguments)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "aurora-cfn local start" in result.stderr
