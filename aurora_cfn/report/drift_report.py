"""Drift as text and JSON; values that may be secrets are hidden."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from aurora_cfn.model.resource_drift import DriftedProperty, DriftReport, IgnoredProperty, ResourceDrift
from aurora_cfn.report.text import amount
from aurora_cfn.template.forms import MASK

SCHEMA = "aurora-cfn.drift/1"
# Paths such as /MasterUserPassword and /Environment/Variables/KEY, whose values may be secrets.
_SECRET = re.compile(r"password|secretstring|token|/environment/variables/", re.IGNORECASE)
_LONGEST = 120
"""Characters of a value at most; JSON has all."""
Compared = TypeVar("Compared", DriftedProperty, IgnoredProperty)


def without_secrets(report: DriftReport, secret: Callable[[str, Sequence[str]], bool]) -> DriftReport:
    """The report with MASK for the values of properties that are `secret`, given a logical id and a path."""

    def safe(logical_id: str, one: Compared) -> Compared:
        hides = one.path and secret(logical_id, one.path.strip("/").split("/"))
        return replace(one, expected=MASK, actual=MASK) if hides else one

    drifted = (
        replace(row, properties=tuple(safe(row.logical_id, one) for one in row.properties)) for row in report.drifted
    )
    ignored = (safe(one.logical_id, one) for one in report.ignored)
    return replace(report, drifted=tuple(drifted), ignored=tuple(ignored))


def drift_text(report: DriftReport) -> str:
    """One stack: the count, each drifted resource with its properties, and the differences that do not count."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: DriftReport) -> Iterator[str]:
    count = len(report.drifted)
    compared = amount(report.resources, "resource")
    state = f"{count} of {compared} drifted" if count else f"in sync, {compared}"
    yield f"{report.name}: {state}"
    for row in report.drifted:
        yield from _resource(row)
    for one in report.ignored:
        values = f": {shown(one.path, one.expected)} -> {shown(one.path, one.actual)}" if one.path else ""
        yield f"  ignored: {one.logical_id}{one.path}{values} ({one.why})"
    if report.blind:
        yield f"  not compared: {', '.join(row.logical_id for row in report.blind)}"
    if report.reason:
        yield f"  the detection is not complete: {report.reason}"


def _resource(row: ResourceDrift) -> Iterator[str]:
    sign, end = ("-", "  deleted") if row.status == "DELETED" else ("~", "")
    yield f"  {sign} {row.logical_id}  {row.type}  {row.physical_id}{end}"
    for one in row.properties:
        expected, actual = (shown(one.path, value) for value in (one.expected, one.actual))
        yield f"      {one.path}: {expected} in the template, {actual} in AWS"


def shown(path: str, value: str) -> str:
    """The value for people: `(none)` if absent, hidden if it may be a secret, shortened if it is long."""
    if value in {"", "null"}:
        return "(none)"
    if _SECRET.search(f"{path}/"):
        return MASK
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]} ..."


def drift_json(reports: Sequence[DriftReport]) -> str:
    """All stacks as JSON; fields are added to the schema, never removed."""
    return json.dumps({"schema": SCHEMA, "stacks": [_stack(row) for row in reports]}, indent=2) + "\n"


def _stack(report: DriftReport) -> dict[str, Any]:
    return {
        "stack": report.key,
        "name": report.name,
        "resources": report.resources,
        "drifted": [
            {
                "logical_id": row.logical_id,
                "physical_id": row.physical_id,
                "type": row.type,
                "status": row.status,
                "properties": [
                    {"path": one.path, "expected": _safe(one.path, one.expected), "actual": _safe(one.path, one.actual)}
                    for one in row.properties
                ],
            }
            for row in report.drifted
        ],
        "ignored": [{"logical_id": one.logical_id, "path": one.path, "why": one.why} for one in report.ignored],
        "not_compared": [row.logical_id for row in report.blind],
        "reason": report.reason,
    }


def _safe(path: str, value: str) -> str:
    return MASK if _SECRET.search(f"{path}/") else value
