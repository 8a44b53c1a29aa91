"""What a cluster has cost since the first of the month, at list prices."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from aurora_cfn.facts.prices import PriceList
from aurora_cfn.model.cost import HOURS
from aurora_cfn.model.database_metrics import MonthCost, Point
from aurora_cfn.operate.capacity_use import acu_hours

PERIOD = 300
"""Seconds of a point: CloudWatch keeps these for 63 days, so that the whole month has them."""
DAY = timedelta(days=1)
ITEMS = {
    False: ("acu_hour", "storage_gb_month"),
    True: ("acu_hour_io_optimized", "storage_gb_month_io_optimized"),
}
"""Prices of compute and storage, without and with I/O-Optimized, where requests cost nothing."""


def month_start(now: datetime) -> datetime:
    """The first moment of the month, in UTC, as bills count it."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_cost(
    capacity: Mapping[str, Sequence[Point]],
    gibibytes: Sequence[Point],
    requests: float,
    prices: PriceList,
    *,
    now: datetime,
    optimized: bool,
) -> MonthCost:
    """The cost of points since `month_start`, each PERIOD seconds long; `requests` are billed reads and writes."""
    start = month_start(now)
    compute, volume = (prices.get(item) for item in ITEMS[optimized])
    hours = {name: acu_hours(points, PERIOD) for name, points in capacity.items()}
    mean = sum(point.value for point in gibibytes) / len(gibibytes) if gibibytes else None
    share = (now - start).total_seconds() / 3600 / HOURS
    request = prices.get("io_million")
    io = 0.0 if optimized else None if request is None else requests / 1e6 * request.dollars
    used = [price for price in (compute, volume, request) if price]
    return MonthCost(
        since=start,
        acu_hours=hours,
        acu_dollars=compute.dollars if compute else None,
        storage_dollars=mean * volume.dollars * share if volume and mean is not None else None,
        io_dollars=io,
        pace=_pace(capacity, hours, now, compute.dollars) if compute else None,
        priced=str(min(price.day for price in used)) if used else "",
    )


def _pace(
    capacity: Mapping[str, Sequence[Point]], hours: Mapping[str, float], now: datetime, dollars: float
) -> tuple[float, float] | None:
    """Dollars of compute of the whole month: what was used, and the rest by the mean so far and by the last day."""
    start = month_start(now)
    passed = (now - start).total_seconds() / 3600
    left = monthrange(now.year, now.month)[1] * 24 - passed
    so_far = sum(hours.values())
    if not so_far or not passed:
        return None
    since = max(start, now - DAY)
    recent = sum(acu_hours((row for row in points if row.at >= since), PERIOD) for points in capacity.values())
    last = recent / ((now - since).total_seconds() / 3600)
    both = [(so_far + rate * left) * dollars for rate in (so_far / passed, last)]
    return min(both), max(both)
