"""Findings as workflow commands of GitHub Actions, which become annotations on the template's lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aurora_cfn.model.finding import Finding, Severity
from aurora_cfn.report.workflow import command_data, command_property

_COMMANDS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}


def findings_github(findings: Sequence[Finding]) -> str:
    """One command a finding, worst first: GitHub shows ten of each level."""
    order = list(_COMMANDS)
    return "".join(f"{_line(row)}\n" for row in sorted(findings, key=lambda row: order.index(row.severity)))


def _line(row: Finding) -> str:
    place = f"file={command_property(row.path)},line={row.line},col={row.column}"
    return f"::{_COMMANDS[row.severity]} {place},title={command_property(row.rule)}::{command_data(row.message)}"
