"""Findings as text and as JSON."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

from aurora_cfn.model.finding import Finding
from aurora_cfn.report.findings import FORMATS, findings_json, findings_text, summary_text

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


def test_text_lets_nothing_steer_the_terminal() -> None:
    row = Finding("E1", "error", "odd \x1b[2J value", "t.yaml", 1)
    assert findings_text([row]) == "t.yaml:1:1: error E1: odd \\x1b[2J value\n"


def test_github_commands_come_worst_first_and_cannot_be_broken_out_of() -> None:
    row = Finding("W1", "warning", "50%\n::error::x", "a,b:c.yaml", 3)
    assert FORMATS["github"]([row, ERROR], 1) == (
        "::error file=t.yaml,line=7,col=5,title=E9001::Serverless v1 is gone\n"
        "::warning file=a%2Cb%3Ac.yaml,line=3,col=1,title=W1::50%25%0A::error::x\n"
    )


def test_sarif_points_at_the_line() -> None:
    (run,) = json.loads(FORMATS["sarif"]([ERROR, WARNING], 1))["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["E9001", "W9022"]
    first, second = run["results"]
    assert (first["level"], second["level"], first["ruleIndex"]) == ("error", "warning", 0)
    place = first["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("t.yaml", {"startLine": 7, "startColumn": 5})


def test_a_finding_stays_the_same_for_code_scanning_when_its_line_moves() -> None:
    prints = []
    for line in (7, 70):
        row = Finding("E9001", "error", "m", "t.yaml", line, 5, "Resources/DB")
        prints.append(json.loads(FORMATS["sarif"]([row], 1))["runs"][0]["results"][0]["partialFingerprints"])
    assert prints[0] == prints[1]


def test_junit_counts_errors_as_failures() -> None:
    odd = Finding("W1", "warning", "<a> & b", "<t>.yaml", 3, 1, "Resources/X")
    root = ElementTree.fromstring(FORMATS["junit"]([ERROR, odd], 2))
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    assert [suite.get("name") for suite in root] == ["t.yaml", "<t>.yaml"]
    assert root.findtext("testsuite/testcase/system-out") == "<a> & b"
    assert ElementTree.fromstring(FORMATS["junit"]([], 1)).get("tests") == "1"
