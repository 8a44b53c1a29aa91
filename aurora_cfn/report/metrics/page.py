"""Metrics as one HTML page that needs nothing from elsewhere: plots as inline SVG, light and dark by the browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from aurora_cfn.model.database_metrics import DatabaseMetrics, Point, Series
from aurora_cfn.report.metrics.plots import scale_top
from aurora_cfn.report.metrics.words import cost_lines, head, number, pauses, share_text, shares, summary, title
from aurora_cfn.report.page import escaped, page

WIDTH, HEIGHT = 720, 150
LEFT, RIGHT, TOP, BOTTOM = 56, 10, 10, 24
STYLE = """
figure,section>div{margin:12px 0;padding:12px 16px;background:var(--card);border:1px solid var(--line);
border-radius:8px}
figcaption{color:var(--dim)}.grid{stroke:var(--line)}.area{fill:var(--plot);fill-opacity:.15}
.curve{fill:none;stroke:var(--plot);stroke-width:1.8}
""".strip()


def metrics_page(results: Sequence[DatabaseMetrics], name: str) -> str:
    """The page of an environment."""
    return page(f"Databases of {name}", "\n".join(map(_section, results)), STYLE)


def _section(found: DatabaseMetrics) -> str:
    plotted = [row for row in found.series if row.points and row.by != "statement"]
    names = [(row.name, row.of) for row in plotted]
    figures = [_figure(row, found, title(row, several=names.count((row.name, row.of)) > 1)) for row in plotted]
    about = [f'<p class="dim">{escaped(line)}</p>' for line in (head(found), pauses(found), *found.notes) if line]
    return "\n".join([f"<section>\n<h2>{escaped(found.database)}</h2>", *about, *_lists(found), *figures, "</section>"])


def _lists(found: DatabaseMetrics) -> Iterator[str]:
    if found.advice:
        rows = [f"<b>{escaped(row.setting)} {escaped(row.value)}</b>: {escaped(row.reason)}" for row in found.advice]
        yield _list("Advice", rows)
    for total in (row for row in found.series if row.by == "total"):
        parts = [escaped(share_text(part)) for part in shares(total, found, "statement")]
        yield _list(f"Load of {escaped(total.source)} by statement", parts)
    if found.cost:
        yield _list("Cost this month", [escaped(line) for line in cost_lines(found.cost)])


def _list(name: str, rows: Sequence[str]) -> str:
    return f"<div>\n<h3>{name}</h3>\n<ul>" + "".join(f"<li>{row}</li>" for row in rows) + "</ul>\n</div>"


def _figure(series: Series, found: DatabaseMetrics, name: str) -> str:
    top = scale_top(series, found)
    parts = "".join((*_grid(found, top), *_curves(series, found, top)))
    return (
        f"<figure>\n<h3>{escaped(name)}</h3>\n"
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escaped(name)}">{parts}</svg>\n'
        f"<figcaption>{escaped(summary(series, found))}</figcaption>\n</figure>"
    )


def _grid(found: DatabaseMetrics, top: float) -> Iterator[str]:
    for value in (0, top / 2, top):
        y = _y(value, top)
        yield f'<line class="grid" x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{number(value)}</text>'
    length = found.until - found.since
    form = "%H:%M" if length <= timedelta(days=2) else "%m-%d"
    for part in range(5):
        at = found.since + length * part / 4
        anchor = {0: "start", 4: "end"}.get(part, "middle")
        yield f'<text x="{_x(at, found)}" y="{HEIGHT - 6}" text-anchor="{anchor}">{at:{form}}</text>'


def _curves(series: Series, found: DatabaseMetrics, top: float) -> Iterator[str]:
    for piece in pieces(series.points, found.period):
        # A period is drawn from its beginning to its end, as one value.
        end = piece[-1].at + timedelta(seconds=found.period)
        places = [(_x(row.at, found), _y(row.value, top)) for row in piece]
        places.append((_x(min(end, found.until), found), places[-1][1]))
        line = " ".join(f"{x},{y}" for x, y in places)
        base = _y(0, top)
        yield f'<polygon class="area" points="{places[0][0]},{base} {line} {places[-1][0]},{base}"/>'
        yield f'<polyline class="curve" points="{line}"/>'


def pieces(points: Sequence[Point], period: int) -> list[list[Point]]:
    """The points in pieces without a gap: where nothing was measured, nothing is drawn.

    A gap is longer than a period, and than 10 minutes, since a volume has a point each 5.
    """
    longest = timedelta(seconds=max(1.5 * period, 600))
    found: list[list[Point]] = []
    for point in points:
        if found and point.at - found[-1][-1].at <= longest:
            found[-1].append(point)
        else:
            found.append([point])
    return found


def _x(at: datetime, found: DatabaseMetrics) -> float:
    share = (at - found.since) / ((found.until - found.since) or timedelta(seconds=1))
    return round(LEFT + min(max(share, 0), 1) * (WIDTH - LEFT - RIGHT), 1)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - min(value / top, 1) * (HEIGHT - TOP - BOTTOM), 1)
