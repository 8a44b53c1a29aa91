"""The curve of cost over active hours a day as an SVG picture that stands alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from aurora_cfn.model.cost import CurvePoint

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 84, 24, 64, 60
DAY = 24
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#334155}.title{font-size:16px;font-weight:600;fill:#0f172a}"
    ".grid{stroke:#e2e8f0}.band{fill:#0ea5e9;fill-opacity:.12}.high,.low{fill:none;stroke-width:2.5}"
    ".high{stroke:#0369a1}.low{stroke:#0d9488}.h{fill:#0369a1}.l{fill:#0d9488}"
)


def cost_svg(points: Sequence[CurvePoint], title: str) -> str:
    """The picture: a band between the least and the most capacity while active, dollars a month upwards."""
    step = _step(max(point.high for point in points))
    top = step * max(1, math.ceil(max(point.high for point in points) / step))
    body = "\n".join((*_grid(top, step), *_curves(points, top), *_words(points, title, top)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">\n<style>{STYLE}</style>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _step(most: float) -> float:
    """A round distance between grid lines: 1, 2 or 5 times a power of ten, about five lines."""
    rough = max(most, 0.01) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)


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
    yield f'<text class="h" x="{edge}" y="{most - 8}" text-anchor="end">at most capacity {last.high:,.2f}</text>'
    if abs(most - least) > 20:
        yield f'<text class="l" x="{edge}" y="{least - 8}" text-anchor="end">at least capacity {last.low:,.2f}</text>'
