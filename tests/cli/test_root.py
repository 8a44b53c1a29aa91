"""The root group: help without imports, and errors that become exit codes at one boundary."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from aurora_cfn import __version__, errors
from aurora_cfn.cli import COMMANDS, Root, root


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_help(name: str) -> None:
    assert f"\n  {name} " in CliRunner().invoke(root, ["--help"]).stdout


@pytest.mark.parametrize(("word", "end"), [("deplyo", ": did you mean deploy?\n"), ("zzz", ".\n")])
def test_a_word_that_is_no_command_ends_with_what_was_probably_meant(word: str, end: str) -> None:
    result = CliRunner().invoke(root, [word])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(f"Error: No such command '{word}'{end}")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    result = CliRunner().invoke(root, [name, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.stdout


def commands() -> Iterator[list[str]]:
    """Every command by its words, with those of groups."""
    for name in COMMANDS:
        command = root.get_command(click.Context(root), name)
        yield from ([name, one] for one in command.commands) if isinstance(command, click.Group) else [[name]]


@pytest.mark.parametrize("words", [*commands()], ids=" ".join)
def test_every_help_shows_the_exit_codes_and_examples_can_be_pasted(words: list[str]) -> None:
    stdout = CliRunner().invoke(root, [*words, "--help"], terminal_width=120).stdout
    assert re.search(r"Exit codes: |Ends with ", stdout)
    _, _, after = stdout.partition("Examples:\n")
    for line in after.partition("\n\n")[0].splitlines():
        # What explains an example stands after a #.
        assert "  " not in line.strip().partition("#")[0].rstrip(), line


@pytest.mark.parametrize("words", [[], *commands()], ids=" ".join)
def test_help_fits_a_terminal_of_80_columns(words: list[str]) -> None:
    shown = CliRunner().invoke(root, [*words, "--help"], terminal_width=80).stdout
    assert not [line for line in shown.splitlines() if len(line) > 80]


def test_help_imports_nothing_heavy() -> None:
    heavy = "boto3 botocore cfnlint troposphere yaml ministack cryptography"
    program = (
        "import sys\nfrom aurora_cfn.cli import root\n"
        "try: root(['--help'])\nexcept SystemExit: pass\n"
        f"print(sorted(set({heavy.split()!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize("words", [("--help",), ("lint", "--help"), ("lint", "--list-rules")], ids=" ".join)
def test_a_command_whose_reader_has_gone_ends_by_sigpipe(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "aurora_cfn", *words]
    with open(writing, "wb") as pipe:
        ended = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (ended.returncode, ended.stderr) == (-signal.SIGPIPE, b"")


def test_the_end_of_a_command_looks_for_no_garbage() -> None:
    program = (
        # Functions at exit run in the reverse order, so this one is the last.
        "import atexit, gc, sys\natexit.register(lambda: print(len(gc.get_objects()), file=sys.stderr))\n"
        "from aurora_cfn.cli import main\nsys.argv[1:] = ['--version']\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    # Thousands, were they not frozen.
    assert int(done.stderr) < 100


def test_ctrl_c_while_the_command_line_is_loaded_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt")
    environ = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "aurora_cfn", "--help"], env=environ, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (errors.EXIT_INTERRUPTED, "", "")


def test_the_version_is_one_line() -> None:
    assert CliRunner().invoke(root, ["--version"]).stdout == f"aurora-cfn {__version__}\n"


def failing(error: BaseException) -> click.Group:
    """A root group whose only command raises the error."""

    class Failing(Root):
        def get_command(self, _ctx: click.Context, _name: str) -> click.Command | None:
            def fail() -> None:
                raise error

            return click.Command("fail", callback=fail)

    return Failing("aurora-cfn", params=[click.Option(["--debug"], is_flag=True)])


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (errors.InputError("a is wrong"), 3, "error: a is wrong\n"),
        (errors.AwsError("refused", operation="X", code="Y"), 4, "error: refused\n"),
        (errors.DeployError("rolled back"), 5, "error: rolled back\n"),
        (errors.GuardError("would lose data"), 6, "error: would lose data\n"),
        (errors.BusyError("another runs"), 7, "error: another runs\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (click.Abort(), 130, "interrupted\n"),
    ],
)
def test_an_expected_error_is_one_message_and_its_own_code(error: BaseException, code: int, line: str) -> None:
    result = CliRunner().invoke(failing(error), ["fail"])
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", line)


def test_a_bug_shows_its_traceback_and_asks_for_a_report() -> None:
    result = CliRunner().invoke(failing(RuntimeError("boom")), ["fail"])
    assert result.exit_code == 70
    assert "RuntimeError: boom" in result.stderr
    assert "please report it" in result.stderr


def test_debug_shows_the_traceback_of_an_expected_error_too() -> None:
    result = CliRunner().invoke(failing(errors.InputError("a is wrong")), ["--debug", "fail"])
    assert result.exit_code == 3
    assert "Traceback" in result.stderr


def test_an_unknown_command_is_wrong_usage() -> None:
    result = CliRunner().invoke(root, ["rendr"])
    assert result.exit_code == 2
    assert "rendr" in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_calls_back(shell: str) -> None:
    result = CliRunner().invoke(root, ["completion", shell], prog_name="aurora-cfn")
    assert result.exit_code == 0
    assert "_AURORA_CFN_COMPLETE" in result.stdout


@pytest.mark.parametrize(
    ("environ", "colored"),
    [
        ({"NO_COLOR": "", "TERM": "xterm"}, True),
        ({"NO_COLOR": "1", "TERM": "xterm"}, False),
        ({"NO_COLOR": "", "TERM": "dumb"}, False),
    ],
)
def test_colors_can_be_switched_off_and_a_dumb_terminal_has_none(environ: dict[str, str], colored: bool) -> None:
    result = CliRunner().invoke(root, ["outputs", "--env", "there-is-none"], env=environ, color=True)
    assert result.exit_code == 3
    assert ("\x1b[" in result.stderr) == colored
