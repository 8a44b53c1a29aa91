"""Standard or I/O-Optimized: from how much I/O on the second is cheaper."""

from __future__ import annotations

from aurora_cfn.facts.prices import PriceList
from aurora_cfn.model.cost import HOURS, Capacity, Usage

_ITEMS = ("acu_hour", "acu_hour_io_optimized", "storage_gb_month", "storage_gb_month_io_optimized", "io_million")


def io_choice(capacity: Capacity, prices: PriceList, usage: Usage) -> str:
    """A sentence with the number of I/O requests a month at which both cost the same.

    It stands for the capacity at its least and at its most around the clock, and the storage told.
    """
    missing = [item for item in _ITEMS if prices.get(item) is None]
    if missing:
        return f"{capacity.stack}: Standard and I/O-Optimized are not compared: no price in {prices.region} for " + (
            ", ".join(missing)
        )
    low = _even(prices, capacity.instances[0] * capacity.floor, usage)
    high = _even(prices, capacity.instances[1] * capacity.maximum, usage)
    now = "is chosen; it" if capacity.optimized else "would be"
    verb = " is" if capacity.optimized else ""
    gigabytes = f" with {usage.storage_gb:g} GB" if usage.storage_gb else ""
    return (
        f"{capacity.stack}: I/O-Optimized {now}{verb} cheaper from {low:,.0f} million I/O a month at the least capacity"
        f"{gigabytes}, from {high:,.0f} million at the most"
    )


def _even(prices: PriceList, acus: float, usage: Usage) -> float:
    standard, optimized, storage, storage_optimized, requests = (_dollars(prices, item) for item in _ITEMS)
    more = (optimized - standard) * acus * HOURS + (storage_optimized - storage) * (usage.storage_gb or 0)
    return max(0.0, more / requests)


def _dollars(prices: PriceList, item: str) -> float:
    price = prices.get(item)
    assert price is not None
    return price.dollars
