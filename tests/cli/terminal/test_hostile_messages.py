"""Hostile text in messages on standard error: one complaint stays one line, and no line is a workflow command."""

from __future__ import annotations

import json
import re

import pytest

from aurora_cfn.cli.terminal import messages
from aurora_cfn.errors import Complaint, DeployError, InputError

HOSTILE = ["::error::x", "a\n::error::x", "a\r\n  ::error::x", "a\r::error::x", "##[error]x", "a\u2028::error::x"]


@pytest.fixture(autouse=True)
def fresh() -> None:
    messages.reset()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_complaint_is_one_line(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    messages.report_error(InputError([Complaint(text, text, 3, text, text), Complaint("second")]))
    written = capsys.readouterr().err
    assert len(written.splitlines()) == 2
    assert "##[" not in written


@pytest.mark.parametrize("text", HOSTILE)
def test_no_line_is_a_workflow_command(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    messages.report_error(DeployError(text))
    messages.info(text)
    written = capsys.readouterr().err
    assert not any(line.lstrip().startswith("::") for line in re.split("[\r\n]", written))
    assert "##[" not in written


@pytest.mark.parametrize("text", HOSTILE)
def test_a_line_of_json_keeps_its_value(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    messages.set_json(on=True)
    messages.info(text)
    (line,) = capsys.readouterr().err.split("\n")[:-1]
    assert json.loads(line)["text"] == text
    assert "##[" not in line
    messages.reset()
