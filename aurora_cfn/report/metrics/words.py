"""Titles, numbers, sentences and the parts of the load, the same in all formats of metrics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aurora_cfn.model.database_metrics import DatabaseMetrics, Grouping, MonthCost, Series
from aurora_cfn.report.text import amount, duration

TITLES = {
    "capacity": "capacity, ACU",
    "utilisation": "utilisation, % of MaxCapacity",
    "cpu": "CPU, %",
    "connections": "connections",
    "memory": "free memory, GiB",
    "cache": "buffer cache hits, %",
    "commits": "commit latency, ms",
    "storage": "storage, GiB",
    "reads": "billed reads",
    "writes": "billed writes",
    "lag": "lag of a reader, ms",
    "deadlocks": "deadlocks a second",
    "transactions": "age of the oldest transaction id, transactions",
    "read-latency": "latency of a read from storage, ms",
    "write-latency": "latency of a write to storage, ms",
    "attempts": "connection attempts",
    "backups": "automated backups, GiB",
    "snapshots": "snapshots older than the retention, GiB",
    "billed-backups": "backups that are billed, GiB",
    "load": "load, average active sessions",
}
AT_LIMIT = 0.25
"""An instance within this distance of MaxCapacity counts as limited by it: half of a step of capacity, 0.5 ACU."""


def number(value: float) -> str:
    """At most three significant digits below 1,000: `0.25`, `99.4`, `1,204`."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def title(series: Series, *, several: bool) -> str:
    """What is plotted, with the instance where there are several."""
    text = f"{TITLES[series.name]}: {series.of}" if series.of else TITLES[series.name]
    return f"{text}  {series.source}" if several else text


def summary(series: Series, found: DatabaseMetrics) -> str:
    """`0 to 16, 3.2 in the mean, last 2; at MaxCapacity for 38m00s`."""
    values = [point.value for point in series.points]
    if not values:
        return "no data"
    if series.name in {"reads", "writes", "attempts"}:
        return f"{number(sum(values))} in all"
    mean = sum(values) / len(values)
    text = f"{number(min(values))} to {number(max(values))}, {number(mean)} in the mean, last {number(values[-1])}"
    if series.name == "capacity" and found.capacity:
        top = found.capacity.maximum
        full = sum(value >= top - AT_LIMIT for value in values) * found.period
        text += f"; at MaxCapacity ({top:g}) for {duration(full)}" if full else f" of {top:g}"
    return text


def pauses(found: DatabaseMetrics) -> str:
    """`paused 3 times, 9h12m of 24h00m`; empty where capacity is not known, or it cannot pause."""
    if not found.capacity or found.capacity.minimum > 0:
        return ""
    if not any(row.points for row in found.series if row.name == "capacity"):
        return ""
    length = duration((found.until - found.since).total_seconds())
    if not found.pauses:
        return f"not paused in {length}"
    return f"paused {amount(found.pauses, 'time')}, {duration(found.paused)} of {length}"


def head(found: DatabaseMetrics) -> str:
    """The database, the time, and the length of a point."""
    limits = found.capacity
    about = f" ({limits.minimum:g} to {limits.maximum:g} ACU)" if limits else ""
    when = f"{found.since:%Y-%m-%d %H:%M} to {found.until:%Y-%m-%d %H:%M} UTC"
    return f"{found.database}{about}, {when}, {duration(found.period)} a point"


def cost_lines(cost: MonthCost) -> Iterator[str]:
    """What was used this month and its price, a line each for compute, storage and I/O."""
    hours = sum(cost.acu_hours.values())
    parts = ", ".join(f"{name} {value:,.1f}" for name, value in cost.acu_hours.items())
    each = f" ({parts})" if len(cost.acu_hours) > 1 else ""
    money = "no list price is known" if cost.compute is None else f"{cost.compute:,.2f} USD of compute"
    yield f"since {cost.since:%Y-%m-%d}: {hours:,.1f} ACU-hours = {money}{each}"
    others = {"storage": cost.storage_dollars, "I/O": cost.io_dollars}
    known = ", ".join(f"{name} {value:,.2f} USD" for name, value in others.items() if value is not None)
    if known:
        yield f"besides: {known}; without backups, Data API and transfer"
    if cost.pace:
        low, high = cost.pace
        both = f"{low:,.0f}" if f"{low:,.0f}" == f"{high:,.0f}" else f"{low:,.0f} to {high:,.0f}"
        yield f"at this pace the whole month is {both} USD of compute (by the mean so far, and by the last day)"
    if cost.priced:
        yield f"list prices of {cost.priced}; the bill has the ACU-hours as Aurora:ServerlessV2Usage"


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
