"""A full disk, and folders that may not be written: one line each, and no traceback."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from aurora_cfn.cli import Root
from aurora_cfn.parameters import Parameter

PARAMS = "region: us-east-1\nstacks:\n  db: {template: db}\n"


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("render", "--help"), ("schema",)], ids=" ".join)
def test_an_output_that_takes_nothing_is_one_line(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "aurora_cfn", *arguments]
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (
        3, "error: the output: cannot be read or written: No space left on device\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "code", "says"),
    [
        (errno.EACCES, 3, "error: templates/x: cannot be read or written: Permission denied\n"),
        (errno.EROFS, 3, "error: templates/x: cannot be read or written: Read-only file system\n"),
        (errno.ENOSPC, 3, "error: templates/x: cannot be read or written: No space left on device\n"),
        (errno.EBADF, 70, "this is a bug in aurora-cfn: please report it with the lines above\n"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(number: int, code: int, says: str) -> None:
    ran = CliRunner().invoke(_group(lambda: _refuse(number)), ["toy"])
    assert (ran.exit_code, ran.stderr.splitlines(True)[-1]) == (code, says)


def _refuse(number: int) -> None:
    import os

    raise OSError(number, os.strerror(number), "templates/x")


def _group(work: Callable[[], None]) -> click.Group:
    class One(Root):
        """The boundary around one command."""

        def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
            return click.Command(name, callback=work)

    return One()


@pytest.mark.parametrize("text", ["9" * 5_000, "-" + "9" * 5_000, "0." + "3" * 5_000])
def test_a_number_of_thousands_of_digits_is_refused_in_short(text: str) -> None:
    found = Parameter("Size", "The size.", type="Number", default=1, low=1, high=8).problem(text)
    assert found == f"a number of {len(text):,} characters is longer than any that CloudFormation compares exactly"
