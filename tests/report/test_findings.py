"""Findings as text and as JSON."""

from __future__ import annotations

import json

from aurora_cfn.model.finding import Finding
from aurora_cfn.report.findings import findings_json, findings_text, summary_text

ERROR = Finding("E9001", "error", "Serverless v1 is gone", "t.yaml", 7, 5, "Resources/DB", "https://example.com")
WARNING = Finding("W9022", "warning", "not encrypted", "t.yaml", 9)


def test_text_is_one_line_a_finding() -> None:
    assert findings_text([ERROR, WARNING]) == (
        "t.yaml:7:5: error E9001: Serverless v1 is gone\nt.yaml:9:1: warning W9022: not encrypted\n"
    )


def test_json_counts_and_lists() -> None:
    shown = json.loads(findings_json([ERROR, WARNING], templates=2))
    assert shown["summary"] == {"templates": 2, "errors": 1, "warnings": 1, "infos": 0}
    assert shown["findings"][0] == {
        "rule": "E9001", "severity": "error", "message": "Serverless v1 is gone", "path": "t.yaml", "line": 7,
        "column": 5, "key": "Resources/DB", "source": "https://example.com",
    }  # fmt: skip


def test_the_summary_is_a_sentence() -> None:
    assert summary_text([ERROR, ERROR, WARNING], templates=3) == "2 errors, 1 warning in 3 templates"
    assert summary_text([], templates=1) == "no findings in 1 template"
