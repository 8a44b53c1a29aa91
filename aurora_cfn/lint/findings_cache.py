"""Lint results that are kept between runs: JSON text with the days for which they hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date

from aurora_cfn.model.finding import Finding

_FIELDS = ("rule", "severity", "message", "line", "column", "key", "source")


def write_result(findings: Sequence[Finding], *, today: date, turning_points: Iterable[date]) -> str:
    """The result as text; it holds from `today` until the first later turning point."""
    later = min((day for day in turning_points if day > today), default=None)
    rows = [[getattr(row, name) for name in _FIELDS] for row in findings]
    kept = {"from": today.isoformat(), "before": later.isoformat() if later else "", "findings": rows}
    return json.dumps(kept, separators=(",", ":"))


def read_result(text: str, path: str, *, today: date) -> tuple[Finding, ...] | None:
    """The findings, for a template at `path`; None when the text is damaged or does not hold for `today`."""
    try:
        kept = json.loads(text)
        day, first, before = today.isoformat(), kept["from"], kept["before"]
        if not first <= day or (before and not day < before):
            return None
        return tuple(_finding(row, path) for row in kept["findings"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _finding(row: Sequence[object], path: str) -> Finding:
    rule, severity, message, line, column, key, source = row
    texts = (rule, severity, message, key, source)
    if severity not in {"error", "warning", "info"} or not all(isinstance(text, str) for text in texts):
        raise ValueError(row)
    if not isinstance(line, int) or not isinstance(column, int):
        raise TypeError(row)
    return Finding(str(rule), severity, str(message), path, line, column, str(key), str(source))
