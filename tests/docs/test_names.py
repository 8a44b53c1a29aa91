"""The README says what is true."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from aurora_cfn.cli import COMMANDS, root
from tests.readme import README, filled

TEXT = README.read_text(encoding="utf-8")


def test_the_tables_made_from_the_code_are_fresh() -> None:
    assert filled(TEXT) == TEXT, "run: python -m tests.readme"


@pytest.mark.parametrize("line", sorted(set(re.findall(r"aurora-cfn ([a-z]+)\b", TEXT)) - {"is"}))
def test_every_command_that_it_names_exists(line: str) -> None:
    assert line in COMMANDS


@pytest.mark.parametrize(
    ("command", "option"),
    sorted(set(re.findall(r"^aurora-cfn ([a-z]+)[^\n#]*?(--[a-z-]+)", TEXT, flags=re.MULTILINE))),
)
def test_every_option_in_an_example_exists(command: str, option: str) -> None:
    assert option in CliRunner().invoke(root, [command, "--help"]).stdout
