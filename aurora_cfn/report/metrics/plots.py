"""Plots of blocks for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median

from aurora_cfn.model.database_metrics import DatabaseMetrics, Point, Series
from aurora_cfn.report.metrics.words import cost_lines, head, number, pauses, share_text, shares, summary, title
from aurora_cfn.report.text import cut, folded, round_up, shown, width

BLOCKS = " ▁▂▃▄▅▆▇█"
ZERO, GAP = "_", " "
"""A value of 0, such as a pause; no value at all, such as an outage."""
ROWS = 3
"""Lines of a plot: at eight steps a line, 24 steps."""
NARROWEST = 20
"""Columns that a plot beside a name has at least."""
SHORT = 900
"""Seconds without a point that are closed in a plot at least: a volume has a point in 5 minutes, if none is late."""
LABEL = 7
"""Columns of the numbers at the left."""


def columns_of(points: Sequence[Point], since: datetime, until: datetime, count: int) -> list[float | None]:
    """The highest value in each of `count` equal parts of the time, None where there is no point."""
    # The highest, not the mean: a short peak at the limit must not vanish in a plot of a week.
    found: list[float | None] = [None] * count
    length = (until - since).total_seconds() or 1.0
    for point in points:
        place = int((point.at - since).total_seconds() / length * count)
        if 0 <= place < count:
            before = found[place]
            found[place] = point.value if before is None else max(before, point.value)
    return found


def filled(values: Sequence[float | None], most: int) -> list[float | None]:
    """The values with gaps of at most `most` columns closed: there are more columns than points."""
    found = list(values)
    known = [place for place, value in enumerate(values) if value is not None]
    for left, right in pairwise(known):
        if right - left - 1 <= most:
            found[left + 1 : right] = [values[left]] * (right - left - 1)
    return found


def block_rows(values: Sequence[float | None], top: float, rows: int = ROWS) -> list[str]:
    """The values as columns of blocks, the highest row first."""
    steps = len(BLOCKS) - 1
    return ["".join(_block(value, top, row, rows, steps) for value in values) for row in reversed(range(rows))]


def _block(value: float | None, top: float, row: int, rows: int, steps: int) -> str:
    if value is None:
        return GAP
    if value <= 0:
        return ZERO if row == 0 else GAP
    # At least one step, so that a small value is not taken for 0.
    height = max(1, math.ceil(min(value / top, 1.0) * rows * steps)) - row * steps
    return BLOCKS[max(0, min(steps, height))]


def scale_top(series: Series, found: DatabaseMetrics) -> float:
    """The highest number of the scale: MaxCapacity, 100 %, or a round number above the values."""
    if series.name == "capacity" and found.capacity:
        return found.capacity.maximum
    if series.name in {"utilisation", "cpu", "cache"}:
        return 100.0
    if series.by:
        # Parts of the load have the scale of the whole.
        same = [row for row in found.series if (row.source, row.by) == (series.source, "total")]
        return round_up(max((point.value for row in [*same, series] for point in row.points), default=1.0))
    return round_up(max((point.value for point in series.points), default=1.0))


def plot_lines(found: DatabaseMetrics, columns: int) -> list[str]:
    """Everything about one database in lines of at most that many columns, a plot for each series with points."""
    lines = [head(found)]
    names = [row.name for row in found.series if row.points and row.by in {None, "total"}]
    for series in found.series:
        if series.points and series.by in {None, "total"}:
            lines += _plot(series, found, columns, several=names.count(series.name) > 1)
            lines += _parts(series, found, columns)
    lines += [line for line in (pauses(found),) if line]
    lines += [f"note: {note}" for note in found.notes]
    lines += [f"advice: {row.setting} {row.value}: {row.reason}" for row in found.advice]
    lines += list(cost_lines(found.cost)) if found.cost else []
    return [part for line in lines for part in folded(shown(line), columns, "  ").split("\n")]


def _plot(series: Series, found: DatabaseMetrics, columns: int, *, several: bool) -> list[str]:
    top = scale_top(series, found)
    rows = block_rows(_values(series, found, max(10, columns - LABEL - 2)), top)
    labels = [number(top), *[""] * (ROWS - 2), "0"]
    marks = ["┤", *["│"] * (ROWS - 2), "┼"]
    plotted = [f"{label:>{LABEL}} {mark}{row}".rstrip() for label, mark, row in zip(labels, marks, rows, strict=True)]
    return [f"{title(series, several=several)}: {summary(series, found)}", *plotted]


def _values(series: Series, found: DatabaseMetrics, wide: int) -> list[float | None]:
    """What is plotted in at most `wide` columns."""
    # A column for each point at most: two points in a plot as wide as the terminal would look like a trend.
    length = (found.until - found.since).total_seconds()
    narrow = max(1, min(wide, math.ceil(length / found.period)))
    # CloudWatch has a point of a volume every 5 minutes or less often, and of backups more rarely. A part of the load
    # has none without sessions.
    rare = not series.by and len(series.points) < length / found.period / 2
    step = math.ceil(max(SHORT, 1.5 * _usual_gap(series.points)) / (length / narrow)) if rare else 0
    return filled(columns_of(series.points, found.since, found.until, narrow), step)


def _usual_gap(points: Sequence[Point]) -> float:
    """Seconds between two points in the median, 0 for fewer than three points, which show no rhythm."""
    gaps = [(right.at - left.at).total_seconds() for left, right in pairwise(points)]
    return median(gaps) if len(gaps) > 1 else 0


def _parts(total: Series, found: DatabaseMetrics, columns: int) -> Iterator[str]:
    """The load by wait event, each with a plot on the scale of the whole, and by statement."""
    if not total.by:
        return
    waits = list(shares(total, found, "wait"))
    longest = max((width(share_text(part)) for part in waits), default=0)
    for part in waits:
        line = cut(f"{share_text(part):<{longest}}", columns)
        wide = columns - longest - 2
        if part.series and wide >= NARROWEST:
            line += "  " + block_rows(_values(part.series, found, wide), scale_top(total, found), 1)[0]
        yield line.rstrip()
    statements = list(shares(total, found, "statement"))
    if statements:
        yield "by statement:"
    yield from (cut(share_text(part), columns) for part in statements)
