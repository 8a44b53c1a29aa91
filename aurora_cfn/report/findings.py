"""Findings as text for people and as JSON for programs."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Final

from aurora_cfn.model.finding import Finding, Severity
from aurora_cfn.report.amounts import amount
from aurora_cfn.report.characters import shown as one_line

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")
FORMATS: Final = ("text", "json", "github", "sarif", "junit")
_FIELDS: Final = ("rule", "severity", "message", "path", "line", "column", "key", "source")


def shown(findings: Sequence[Finding], form: str, *, templates: int) -> str:
    """The findings in one of FORMATS."""
    if form == "json":
        return findings_json(findings, templates=templates)
    if form == "text":
        return findings_text(findings)
    # Each form is a module that only those who ask for it pay for.
    module = importlib.import_module(f"aurora_cfn.report.findings_{form}")
    written: str = getattr(module, f"findings_{form}")(findings)
    return written


def findings_text(findings: Sequence[Finding]) -> str:
    """One line a finding, `path:line:column: severity rule: message`, which editors can follow."""
    return "".join(f"{one_line(_text(row))}\n" for row in findings)


def findings_json(findings: Sequence[Finding], *, templates: int) -> str:
    """An object with `findings` in reading order and a `summary` of counts."""
    rows = [{name: getattr(row, name) for name in _FIELDS} for row in findings]
    summary = {"templates": templates} | {f"{name}s": count for name, count in counts(findings).items()}
    return json.dumps({"summary": summary, "findings": rows}, indent=2) + "\n"


def counts(findings: Sequence[Finding]) -> dict[Severity, int]:
    """Number of findings of each severity, worst first."""
    found = Counter(row.severity for row in findings)
    return {severity: found[severity] for severity in SEVERITIES}


def summary_text(findings: Sequence[Finding], *, templates: int) -> str:
    """The counts in a sentence, such as `2 errors, 1 warning in 3 templates`."""
    parts = [amount(count, severity) for severity, count in counts(findings).items() if count]
    return f"{', '.join(parts) or 'no findings'} in {amount(templates, 'template')}"


def _text(row: Finding) -> str:
    return f"{row.path}:{row.line}:{row.column}: {row.severity} {row.rule}: {row.message}"
