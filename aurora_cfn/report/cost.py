"""A cost estimate as text, as JSON and as a plot."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from html import escape

from aurora_cfn.model.cost import HOURS, CostChange, CostLine, CurvePoint, Estimate, UseLine
from aurora_cfn.model.review import Panel
from aurora_cfn.report.text import cents, round_up

_BARS = "▁▂▃▄▅▆▇█"
UNKNOWN = "?"


def cost_text(found: Estimate, points: Sequence[CurvePoint], *, name: str) -> str:
    """The report for a terminal."""
    unknown = list(_unknown(found))
    parts = [_head(found, name), _table(found), _uses(found), unknown, list(found.notes), sparkline(points)]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def about(found: Estimate) -> str:
    """`USD 44 to 350 a month`, empty where no price is known."""
    return f"USD {_range(found.low, found.high)} a month{_more(found)}" if found.high else ""


def change_text(change: CostChange) -> list[str]:
    """The changed lines, both sums and the day of the prices; empty if the cost does not change."""
    if not change.lines:
        return []
    rows = [f"{_what(pair)}: {_amount(pair[0])} -> {_amount(pair[1])}" for pair in change.lines]
    total = f"total, USD a month: {_sum(change.before)} -> {_sum(change.after)}"
    day = change.after.oldest or change.before.oldest
    prices = [f"list prices of {change.after.region}, read {day} or later"] if day else []
    return [*rows, total, *prices]


def cost_panel(change: CostChange, name: str) -> Panel | None:
    """The cost panel of a review of that environment; None if the cost does not change."""
    lines = change_text(change)
    if not lines:
        return None
    sums = {
        side: {"low": round(found.low, 2), "high": round(found.high, 2), "complete": found.complete}
        for side, found in (("before", change.before), ("after", change.after))
    }
    return Panel(f"cost a month in {name}", tuple(lines), {"currency": "USD", "region": change.after.region, **sums})


def sparkline(points: Sequence[CurvePoint]) -> list[str]:
    """The cost over active hours a day as bars, at maximum and minimum capacity, with three amounts."""
    if not points:
        return []
    top = max(point.high for point in points) or 1.0
    lines = ["over active hours a day (0 to 24)"]
    for name, amounts in (("at maximum", [p.high for p in points]), ("at minimum", [p.low for p in points])):
        bars = "".join(_BARS[min(len(_BARS) - 1, int(amount / top * len(_BARS)))] for amount in amounts)
        shown = ", ".join(f"{hours} h {amounts[hours]:,.2f}" for hours in (0, 8, 24))
        lines.append(f"  {name:<12}  {bars}  {shown}")
    return lines


def _head(found: Estimate, name: str) -> list[str]:
    day = f", read {found.oldest} or later" if found.oldest else ""
    return [
        f"{name} in {found.region}: USD {_range(found.low, found.high)} a month of {HOURS} hours{_more(found)}",
        f"list prices{day}; without taxes, discounts, free allowances, data transfer and use",
    ]


def _table(found: Estimate) -> list[str]:
    rows = [("at least", "at most", "")]
    rows += [(_dollars(line.low), _dollars(line.high), f"{line.stack}: {line.what}") for line in found.lines]
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return [f"{low:>{wide[0]}}  {high:>{wide[1]}}  {what}".rstrip() for low, high, what in rows]


def _uses(found: Estimate) -> list[str]:
    rows = [f"  {row.stack}: {row.what}, {_by(row)}" for row in found.uses]
    return ["and by use", *rows] if rows else []


def _by(row: UseLine) -> str:
    if not row.item:
        return f"by {row.unit}"
    return f"{row.dollars:g} per {row.unit}" if row.dollars is not None else f"price not known per {row.unit}"


def _unknown(found: Estimate) -> Iterator[str]:
    missing = dict.fromkeys(line.item for line in found.lines if line.high is None and line.item)
    if missing:
        options = " ".join(f"--price {item}=USD" for item in missing)
        yield f"not in the sum, because no price is known in {found.region}: give it with {options}"
    if found.unpriced:
        kinds = ", ".join(f"{count} x {kind}" for kind, count in found.unpriced.items())
        yield f"not in the sum, because nothing is known about the price: {kinds}"


def _what(pair: tuple[CostLine | None, CostLine | None]) -> str:
    before, after = pair
    words = [f"{line.stack}: {line.what}" for line in (before, after) if line]
    if len(words) == 2 and words[0] != words[1] and before and after:
        return f"{words[0]} -> {after.what}"
    return words[0]


def _amount(line: CostLine | None) -> str:
    return "-" if line is None else _range(line.low, line.high)


def _sum(found: Estimate) -> str:
    return _range(found.low, found.high) + _more(found)


def _more(found: Estimate) -> str:
    return "" if found.complete else ", and what is unknown"


def _range(low: float | None, high: float | None) -> str:
    return _dollars(high) if _dollars(low) == _dollars(high) else f"{_dollars(low)} to {_dollars(high)}"


def _dollars(amount: float | None) -> str:
    return UNKNOWN if amount is None else f"{amount:,.2f}"


def cost_json(found: Estimate, points: Sequence[CurvePoint], *, name: str) -> str:
    """One JSON object: sums, lines, costs by use, unpriced types, the curve; dollars a month, null if unknown."""
    document = {
        "environment": name,
        "region": found.region,
        "currency": "USD",
        "low": round(found.low, 2),
        "high": round(found.high, 2),
        "complete": found.complete,
        "prices_read": str(found.oldest) if found.oldest else None,
        "lines": [
            {"stack": row.stack, "what": row.what, "low": cents(row.low), "high": cents(row.high),
             "item": row.item or None}
            for row in found.lines
        ],
        "by_use": [
            {"stack": row.stack, "what": row.what, "unit": row.unit, "dollars": row.dollars, "item": row.item or None}
            for row in found.uses
        ],
        "unpriced": dict(found.unpriced),
        "notes": list(found.notes),
        "curve": [{"hours": point.hours, "low": cents(point.low), "high": cents(point.high)} for point in points],
    }  # fmt: skip
    return json.dumps(document, indent=2) + "\n"


WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 84, 24, 64, 60
"""Margins in pixels: the amounts are on the left, the title above, the hours below."""
DAY = 24  # hours, the right end of the axis
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#334155}.title{font-size:16px;font-weight:600;fill:#0f172a}"
    ".grid{stroke:#e2e8f0}.band{fill:#0ea5e9;fill-opacity:.12}.high,.low{fill:none;stroke-width:2.5}"
    ".high{stroke:#0369a1}.low{stroke:#0d9488}.h{fill:#0369a1}.l{fill:#0d9488}"
)


def cost_svg(points: Sequence[CurvePoint], title: str) -> str:
    """The cost over active hours a day as SVG: a band between minimum and maximum capacity."""
    # For about five lines of the grid.
    step = round_up(max(max(point.high for point in points), 0.01) / 5)
    top = step * max(1, math.ceil(max(point.high for point in points) / step))
    body = "\n".join((*_grid(top, step), *_curves(points, top), *_words(points, title, top)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(title)}">\n<style>{STYLE}</style>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _x(hours: float) -> float:
    return round(LEFT + hours / DAY * (WIDTH - LEFT - RIGHT), 1)


def _y(dollars: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - dollars / top * (HEIGHT - TOP - BOTTOM), 1)


def _grid(top: float, step: float) -> Iterator[str]:
    for number in range(round(top / step) + 1):
        y = _y(number * step, top)
        yield f'<line class="grid" x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>'
        yield f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{number * step:,.10g}</text>'
    for hours in range(0, DAY + 1, 4):
        yield f'<text x="{_x(hours)}" y="{HEIGHT - BOTTOM + 22}" text-anchor="middle">{hours}</text>'


def _curves(points: Sequence[CurvePoint], top: float) -> Iterator[str]:
    high = [f"{_x(point.hours)},{_y(point.high, top)}" for point in points]
    low = [f"{_x(point.hours)},{_y(point.low, top)}" for point in points]
    yield f'<polygon class="band" points="{" ".join([*high, *reversed(low)])}"/>'
    yield f'<polyline class="high" points="{" ".join(high)}"/>'
    yield f'<polyline class="low" points="{" ".join(low)}"/>'


def _words(points: Sequence[CurvePoint], title: str, top: float) -> Iterator[str]:
    yield f'<text class="title" x="{LEFT}" y="30">{escape(title)}</text>'
    yield f'<text x="{LEFT}" y="50">USD a month</text>'
    yield f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">active hours a day</text>'
    last = points[-1]
    most, least = _y(last.high, top), _y(last.low, top)
    edge = _x(DAY) - 6
    yield f'<text class="h" x="{edge}" y="{most - 8}" text-anchor="end">maximum capacity {last.high:,.2f}</text>'
    # Closer lines would leave no room for both labels.
    if abs(most - least) > 20:
        yield f'<text class="l" x="{edge}" y="{least - 8}" text-anchor="end">minimum capacity {last.low:,.2f}</text>'
