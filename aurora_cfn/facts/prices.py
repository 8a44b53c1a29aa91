"""List prices a region, each with its day and its source; what is not known is absent, never guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for one unit of an item, without taxes, discounts and free allowances."""

    item: str
    dollars: float
    unit: str
    source: str
    day: date


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of one region."""

    region: str
    prices: Mapping[str, Price]

    def get(self, item: str) -> Price | None:
        """The price of that item, None when it is not known in this region."""
        return self.prices.get(item)

    def with_prices(self, given: Mapping[str, float], day: date) -> PriceList:
        """The same with prices that a person gives. Raises KeyError for an item that there is not."""
        units = price_items()
        mine = {item: Price(item, dollars, units[item], "given", day) for item, dollars in given.items()}
        return PriceList(self.region, {**self.prices, **mine})


def price_list(region: str) -> PriceList:
    """What is known of that region; for one that nobody looked up, only what costs the same everywhere."""
    raw = _raw()
    rows = {**raw["everywhere"], **raw["regions"].get(region, {})}
    return PriceList(region, {item: _price(raw, item, dollars, source) for item, (dollars, source) in rows.items()})


def price_items() -> Mapping[str, str]:
    """Every item that has a price somewhere, and its unit in words."""
    items: Mapping[str, str] = _raw()["items"]
    return items


def priced_regions() -> tuple[str, ...]:
    """The regions of which anything is known."""
    return tuple(_raw()["regions"])


def used_by(kind: str) -> str | None:
    """What a resource type is paid by when it costs only by use, such as `requests`; None for all others."""
    found: str | None = _raw()["by_use"].get(kind)
    return found


def is_free(kind: str) -> bool:
    """Whether a resource of that type costs nothing by itself."""
    free: list[str] = _raw()["free"]
    return kind in free or kind.startswith(tuple(name for name in free if name.endswith("::")))


def _price(raw: Mapping[str, Any], item: str, dollars: float, source: str) -> Price:
    origin = raw["sources"][source]
    return Price(item, dollars, raw["items"][item], origin["what"], date.fromisoformat(origin["date"]))


@cache
def _raw() -> Mapping[str, Any]:
    raw: Mapping[str, Any] = json.loads(Path(__file__).with_name("prices.json").read_bytes())
    return raw
