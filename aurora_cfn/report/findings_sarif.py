"""Findings as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aurora_cfn import __version__
from aurora_cfn.model.finding import Finding, Severity

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}


def findings_sarif(findings: Sequence[Finding]) -> str:
    """One run with a result a finding, at its line of the template."""
    order = sorted({row.rule for row in findings})
    sources = {row.rule: row.source for row in findings}
    rules = [{"id": rule} | ({"helpUri": sources[rule]} if sources[rule] else {}) for rule in order]
    driver = {"name": "aurora-cfn", "version": __version__, "rules": rules}
    results = [_result(row, order.index(row.rule)) for row in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(row: Finding, index: int) -> dict[str, Any]:
    region = {"startLine": max(row.line, 1), "startColumn": max(row.column, 1)}
    # The place by its path in the template, so that a finding stays the same one when lines move.
    parts = (row.path, row.rule, row.key, row.message)
    return {
        "ruleId": row.rule,
        "ruleIndex": index,
        "level": _LEVELS[row.severity],
        "message": {"text": row.message},
        "partialFingerprints": {"finding/v1": hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": row.path}, "region": region}}],
    }
