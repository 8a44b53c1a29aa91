"""Findings as JUnit XML: a suite a template, a case a finding; errors are failures."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.model.finding import Finding
from aurora_cfn.report.xml import attribute, body


def findings_junit(findings: Sequence[Finding]) -> str:
    """The document; without any finding it has one case that passes, as some readers refuse an empty one."""
    paths = dict.fromkeys(row.path for row in findings)
    suites = [_suite(path, [row for row in findings if row.path == path]) for path in paths]
    failures = sum(row.severity == "error" for row in findings)
    nothing = '  <testsuite name="lint" tests="1" failures="0"><testcase name="no findings"/></testsuite>'
    head = f'<testsuites name="aurora-cfn lint" tests="{max(len(findings), 1)}" failures="{failures}">'
    inner = "\n".join(suites or [nothing])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{inner}\n</testsuites>\n'


def _suite(path: str, rows: Sequence[Finding]) -> str:
    failures = sum(row.severity == "error" for row in rows)
    head = f'  <testsuite name={attribute(path)} tests="{len(rows)}" failures="{failures}">'
    return "\n".join([head, *map(_case, rows), "  </testsuite>"])


def _case(row: Finding) -> str:
    name = attribute(f"{row.rule} line {row.line}: {row.key}")
    told = (
        f"<failure type={attribute(row.rule)} message={attribute(row.message)}/>"
        if row.severity == "error"
        else f"<system-out>{body(row.message)}</system-out>"
    )
    where = f'file={attribute(row.path)} line="{row.line}"'
    return f"    <testcase classname={attribute(row.path)} name={name} {where}>\n      {told}\n    </testcase>"
