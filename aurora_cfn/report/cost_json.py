"""An estimate as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aurora_cfn.model.cost import CurvePoint, Estimate


def cost_json(found: Estimate, points: Sequence[CurvePoint], *, name: str) -> str:
    """One object: sums, lines, what is by use, what is unknown, the curve; dollars a month, null where unknown."""
    told = {
        "environment": name,
        "region": found.region,
        "currency": "USD",
        "low": round(found.low, 2),
        "high": round(found.high, 2),
        "complete": found.complete,
        "prices_read": str(found.oldest) if found.oldest else None,
        "lines": [
            {"stack": row.stack, "what": row.what, "low": _cents(row.low), "high": _cents(row.high),
             "item": row.item or None}
            for row in found.lines
        ],
        "by_use": [
            {"stack": row.stack, "what": row.what, "unit": row.unit, "dollars": row.dollars, "item": row.item or None}
            for row in found.uses
        ],
        "unpriced": dict(found.unpriced),
        "notes": list(found.notes),
        "curve": [{"hours": point.hours, "low": _cents(point.low), "high": _cents(point.high)} for point in points],
    }  # fmt: skip
    return json.dumps(told, indent=2) + "\n"


def _cents(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 2)
