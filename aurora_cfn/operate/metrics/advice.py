"""What a cluster has cost since the first of the month, and what follows for its settings from what it used."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aurora_cfn.facts.prices import PriceList
from aurora_cfn.model.cost import HOURS
from aurora_cfn.model.database_metrics import Advice, MonthCost, Point
from aurora_cfn.model.rds_database import DEFAULT_PAUSE_AFTER, CapacityRange
from aurora_cfn.operate.pause import acu_hours
from aurora_cfn.operate.why_awake.history import saved_pauses
from aurora_cfn.report.text import amount, duration

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


STEP = 0.5
"""Capacity changes in steps of half an ACU (Aurora user guide, Serverless v2 capacity)."""
LARGEST = 256
"""The highest MaxCapacity in ACU (Aurora user guide, Serverless v2 capacity)."""
AT_LIMIT = 900
"""Seconds at MaxCapacity from which more is advised."""
SHORTEST = timedelta(hours=6)
"""A shorter time says too little about what is usual."""
OPTIMIZED = "aurora-iopt1"


@dataclass(frozen=True, slots=True)
class Used:
    """What a cluster used: average capacity and connections by instance, GiB, billed I/O requests, in `length`."""

    capacity: Mapping[str, Sequence[Point]]
    connections: Sequence[Sequence[Point]]
    length: timedelta
    period: int
    gibibytes: float | None = None
    requests: float | None = None
    optimized: bool = False


def advice(limits: CapacityRange | None, used: Used, prices: PriceList) -> list[Advice]:
    """The advice with its reasons; none without points of capacity, or for a time that is too short."""
    values = [point.value for points in used.capacity.values() for point in points]
    if limits is None or not values or used.length < SHORTEST:
        return []
    return [
        *_maximum(limits, used, values),
        *_minimum(limits, used, values, prices),
        *_storage(used, prices),
    ]


def _maximum(limits: CapacityRange, used: Used, values: Sequence[float]) -> Iterator[Advice]:
    top, highest = limits.maximum, max(values)
    # Half a step less: a point is an average, which reaches the limit only if all of its seconds do.
    full = max(sum(point.value >= top - STEP / 2 for point in points) for points in used.capacity.values())
    if full * used.period >= AT_LIMIT and top < LARGEST:
        reason = f"an instance was at MaxCapacity ({top:g} ACU) for {duration(full * used.period)}: it may need more"
        yield Advice("MaxCapacity", f"{min(2 * top, LARGEST):g}", reason)
    elif highest <= top / 2:
        reason = (
            f"the highest was {highest:.1f} of {top:g} ACU; a lower maximum saves nothing by itself, and limits what a "
            "runaway query costs"
        )
        yield Advice("MaxCapacity", f"{top:g}", reason)


def _minimum(limits: CapacityRange, used: Used, values: Sequence[float], prices: PriceList) -> Iterator[Advice]:
    low, lowest = limits.minimum, min(values)
    price = prices.get(ITEMS[used.optimized][0])
    if low == 0:
        if lowest > 0:
            yield Advice("MinCapacity", "0", "it never paused in this time: `aurora-cfn why-awake` says why")
        return
    # 300 seconds: the least of SecondsUntilAutoPause, and its default (Aurora User Guide, auto-pause).
    saved = saved_pauses(
        list(used.capacity.values()), used.connections, period=used.period, pause_after=DEFAULT_PAUSE_AFTER, price=price
    )
    if saved and not saved.connections:
        money = "" if saved.dollars is None else f", {saved.dollars:,.2f} USD"
        hours = f"{saved.acu_hours:,.1f} ACU-hours{money} in this time"
        reason = f"it could have paused {amount(saved.pauses, 'time')} without a connection: about {hours}"
        yield Advice("MinCapacity", "0", reason)
        return
    at_low = sum(value <= low + STEP / 2 for value in values) / len(values)
    if at_low >= 0.5 and low > STEP:
        reason = (
            f"capacity was at MinCapacity ({low:g} ACU) {at_low:.0%} of the time; less costs less, as long as the data "
            "in use fit into memory (cache)"
        )
        yield Advice("MinCapacity", f"{max(STEP, round(low / 2 / STEP) * STEP):g}", reason)
    elif lowest >= low + 2 * STEP:
        least = math.floor(lowest / STEP) * STEP
        reason = f"capacity never fell below {lowest:.1f} ACU: this costs nothing more, and scales up faster"
        yield Advice("MinCapacity", f"{least:g}", reason)


def _storage(used: Used, prices: PriceList) -> Iterator[Advice]:
    """Standard or I/O-Optimized, whichever is cheaper for a month of such use."""
    items = (*ITEMS[False], *ITEMS[True], "io_million")
    if used.gibibytes is None or used.requests is None:
        return
    now = OPTIMIZED if used.optimized else "aurora"
    known = [price.dollars for item in items if (price := prices.get(item))]
    if len(known) < len(items):
        missing = ", ".join(item for item in items if not prices.get(item))
        reason = f"not compared: no price in {prices.region} for {missing}; `aurora-cfn cost --refresh` asks AWS"
        yield Advice("StorageType", now, reason)
        return
    standard_acu, standard_gb, optimized_acu, optimized_gb, million = known
    scale = HOURS / (used.length.total_seconds() / 3600)
    hours = sum(acu_hours(points, used.period) for points in used.capacity.values()) * scale
    millions = used.requests * scale / 1e6
    standard = hours * standard_acu + used.gibibytes * standard_gb + millions * million
    optimized = hours * optimized_acu + used.gibibytes * optimized_gb
    better = OPTIMIZED if optimized < standard else "aurora"
    sums = f"a month of such use is {standard:,.2f} USD as Standard and {optimized:,.2f} USD as I/O-Optimized"
    # Aurora User Guide, "Storage configurations for Amazon Aurora DB clusters" (read 2026-11).
    stays = "as it is" if better == now else "the change is possible once in 30 days, back at any time"
    yield Advice("StorageType", better, f"{sums} ({millions:,.1f} million requests): {stays}")
