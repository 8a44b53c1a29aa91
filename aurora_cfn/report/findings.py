"""Findings as text, JSON, SARIF 2.1.0, JUnit XML and GitHub annotations."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from aurora_cfn import __version__
from aurora_cfn.model.finding import Finding, Severity
from aurora_cfn.report.page import attribute, body, command_data, command_property
from aurora_cfn.report.text import amount, without_commands
from aurora_cfn.report.text import shown as one_line

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")
_FIELDS: Final = ("rule", "severity", "message", "path", "line", "column", "key", "source")


def findings_text(findings: Sequence[Finding]) -> str:
    """One line a finding: `path:line:column: severity rule: message`, which editors can open."""
    rows = (f"{row.path}:{row.line}:{row.column}: {row.severity} {row.rule}: {row.message}" for row in findings)
    return "".join(f"{without_commands(one_line(row))}\n" for row in rows)


def findings_json(findings: Sequence[Finding], *, templates: int) -> str:
    """A JSON object with `findings` in reading order and a `summary` of counts."""
    rows = [{name: getattr(row, name) for name in _FIELDS} for row in findings]
    summary = {"templates": templates} | {f"{name}s": count for name, count in counts(findings).items()}
    return json.dumps({"summary": summary, "findings": rows}, indent=2) + "\n"


def counts(findings: Sequence[Finding]) -> dict[Severity, int]:
    """Number of findings of each severity, worst first."""
    found = Counter(row.severity for row in findings)
    return {severity: found[severity] for severity in SEVERITIES}


def summary_text(findings: Sequence[Finding], *, templates: int) -> str:
    """The counts, such as `2 errors, 1 warning in 3 templates`."""
    parts = [amount(count, severity) for severity, count in counts(findings).items() if count]
    return f"{', '.join(parts) or 'no findings'} in {amount(templates, 'template')}"


_COMMANDS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}


def findings_github(findings: Sequence[Finding]) -> str:
    """One workflow command a finding, worst first, since GitHub shows only ten of each level."""
    order = list(_COMMANDS)
    return "".join(f"{_line(row)}\n" for row in sorted(findings, key=lambda row: order.index(row.severity)))


def _line(row: Finding) -> str:
    place = f"file={command_property(row.path)},line={row.line},col={row.column}"
    return f"::{_COMMANDS[row.severity]} {place},title={command_property(row.rule)}::{command_data(row.message)}"


def findings_junit(findings: Sequence[Finding]) -> str:
    """The JUnit document; without findings it has one passing case, as some readers refuse an empty document."""
    paths = dict.fromkeys(row.path for row in findings)
    suites = [_suite(path, [row for row in findings if row.path == path]) for path in paths]
    nothing = '  <testsuite name="lint" tests="1" failures="0"><testcase name="no findings"/></testsuite>'
    failures = sum(row.severity == "error" for row in findings)
    return junit_text("aurora-cfn lint", suites or [nothing], max(len(findings), 1), failures)


def junit_text(name: str, suites: Sequence[str], tests: int, failures: int) -> str:
    """The JUnit document of these suites."""
    head = f'<testsuites name="{name}" tests="{tests}" failures="{failures}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>\n"])


def junit_suite(name: str, cases: Sequence[str], failures: int) -> str:
    """A suite of these cases; the name is a quoted attribute."""
    return "\n".join(
        [f'  <testsuite name={name} tests="{len(cases)}" failures="{failures}">', *cases, "  </testsuite>"]
    )


def _suite(path: str, rows: Sequence[Finding]) -> str:
    failures = sum(row.severity == "error" for row in rows)
    return junit_suite(attribute(path), list(map(_case, rows)), failures)


def _case(row: Finding) -> str:
    name = attribute(f"{row.rule} line {row.line}: {row.key}")
    result = (
        f"<failure type={attribute(row.rule)} message={attribute(row.message)}/>"
        if row.severity == "error"
        else f"<system-out>{body([row.message])}</system-out>"
    )
    where = f'file={attribute(row.path)} line="{row.line}"'
    return f"    <testcase classname={attribute(row.path)} name={name} {where}>\n      {result}\n    </testcase>"


SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}


def findings_sarif(findings: Sequence[Finding]) -> str:
    """The SARIF document: one run with a result for each finding."""
    order = sorted({row.rule for row in findings})
    sources = {row.rule: row.source for row in findings}
    rules = [{"id": rule} | ({"helpUri": sources[rule]} if sources[rule] else {}) for rule in order]
    return sarif_text(rules, [_result(row, order.index(row.rule)) for row in findings])


def sarif_text(rules: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]]) -> str:
    """The SARIF document of one run."""
    driver = {"name": "aurora-cfn", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(row: Finding, index: int) -> dict[str, Any]:
    # SARIF counts lines and columns from 1.
    region = {"startLine": max(row.line, 1), "startColumn": max(row.column, 1)}
    # With the path in the template instead of the line, so that code scanning knows a finding again when lines move.
    parts = (row.path, row.rule, row.key, row.message)
    return {
        "ruleId": row.rule,
        "ruleIndex": index,
        "level": _LEVELS[row.severity],
        "message": {"text": row.message},
        "partialFingerprints": {"finding/v1": hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": row.path}, "region": region}}],
    }


FORMATS: Final[Mapping[str, Callable[[Sequence[Finding], int], str]]] = {
    "text": lambda found, _: findings_text(found),
    "json": lambda found, templates: findings_json(found, templates=templates),
    "github": lambda found, _: findings_github(found),
    "sarif": lambda found, _: findings_sarif(found),
    "junit": lambda found, _: findings_junit(found),
}
"""Writers by the value of `lint --format`; they get the findings and the number of templates."""
