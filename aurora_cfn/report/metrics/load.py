"""The load of instances by wait event and by statement, as lines with their mean, share and plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aurora_cfn.model.database_metrics import DatabaseMetrics, Grouping, Series


@dataclass(frozen=True, slots=True)
class Share:
    """A part of an instance's load: its mean, and its share of all; `series` is None for what is beyond the top."""

    name: str
    mean: float
    share: float
    series: Series | None = None


def parts_of(total: Series, found: DatabaseMetrics, by: Grouping) -> Sequence[Series]:
    """The parts of the load of the same instance."""
    return [row for row in found.series if (row.source, row.by) == (total.source, by)]


def mean_load(series: Series, found: DatabaseMetrics) -> float:
    """Average active sessions over all points of the instance: a part has no points where it had no sessions."""
    counts = (len(row.points) for row in found.series if (row.source, row.by) == (series.source, "total"))
    return sum(point.value for point in series.points) / max(next(counts, 0), len(series.points), 1)


def shares(total: Series, found: DatabaseMetrics, by: Grouping) -> Iterator[Share]:
    """The parts of the load, the largest first, and what is beyond them, if that is at least a hundredth."""
    every = mean_load(total, found) or 1.0
    parts = sorted(parts_of(total, found, by), key=lambda row: -mean_load(row, found))
    for row in parts:
        mean = mean_load(row, found)
        yield Share(" ".join(row.of.split()), mean, mean / every, row)
    beyond = mean_load(total, found) - sum(mean_load(row, found) for row in parts)
    if beyond / every >= 0.01:
        yield Share("other" if by == "wait" else "other statements, and sessions without one", beyond, beyond / every)


def share_text(part: Share) -> str:
    """`0.41   50 %  IO:DataFileRead`."""
    return f"{part.mean:>7.2f} {part.share:>5.0%}  {part.name}"
