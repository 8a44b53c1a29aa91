"""A panel of a review as HTML; that of cost with a bar for the month before and one for the month after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aurora_cfn.model.review import Panel
from aurora_cfn.report.page import escaped

WIDTH = 100
"""Units of the longest bar; the browser stretches it to the room that the words beside it leave."""


def panel_html(panel: Panel) -> str:
    """The panel as a box."""
    lines = "".join(f"<li>{escaped(line)}</li>" for line in panel.lines)
    return f'<div class="box"><h3>{escaped(panel.title)}</h3>{_bars(panel.data)}<ul>{lines}</ul></div>'


def _bars(data: Mapping[str, Any]) -> str:
    """Both months on one scale, each from its lowest to its highest cost; empty for a panel without both."""
    sums = {side: data[side] for side in ("before", "after") if isinstance(data.get(side), Mapping)}
    if len(sums) < 2:
        return ""
    top = max(float(row["high"]) for row in sums.values()) or 1.0
    return "".join(_bar(side, found, top) for side, found in sums.items())


def _bar(side: str, found: Mapping[str, Any], top: float) -> str:
    low, high = float(found["low"]), float(found["high"])
    start, length = low / top * WIDTH, max(0.5, (high - low) / top * WIDTH)
    amount = f"{low:,.0f}" if round(low) == round(high) else f"{low:,.0f} to {high:,.0f}"
    more = "" if found.get("complete", True) else " and more"
    bar = f'<rect class="{side}" x="{start:.2f}" y="0" width="{length:.2f}" height="1"/>'
    drawn = f'<svg viewBox="0 0 {WIDTH} 1" preserveAspectRatio="none" aria-hidden="true">{bar}</svg>'
    return f'<div class="month"><span>{side}</span>{drawn}<span>USD {amount}{more}</span></div>'
