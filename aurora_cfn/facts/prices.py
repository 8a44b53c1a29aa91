"""List prices a region, each with its day and its source; what is not known is absent, never guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.regions import partition

APART = frozenset({"aws-cn", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"})
"""Partitions outside of AWS's common price list; prices in China are in yuan (Billing user guide, read 2026-11)."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for one unit of an item, without taxes, discounts and free allowances."""

    dollars: float
    day: date


@dataclass(frozen=True, slots=True, eq=False)  # hashed by identity: a key of caches
class PriceList:
    """The prices of one region."""

    region: str
    prices: Mapping[str, Price]

    def get(self, item: str) -> Price | None:
        """The price of that item, None when it is not known in this region."""
        return self.prices.get(item)

    def with_prices(self, given: Mapping[str, float], day: date) -> PriceList:
        """The list with prices that the user gives in place of its own. Raises KeyError for an unknown item."""
        mine = {item: Price(dollars, day) for item, dollars in given.items() if price_items()[item]}
        return PriceList(self.region, {**self.prices, **mine})


@dataclass(frozen=True, slots=True)
class PriceRow:
    """Where AWS's Price List has an item: service, usage type without prefix, attributes; the item is `units` of it."""

    service: str
    usage: str
    units: int
    where: Mapping[str, str]


def vcpus(instance_class: str) -> int | None:
    """The vCPUs of an instance class, by which RDS Proxy is charged; None for an unknown class."""
    found: int | None = read_facts("prices")["vcpus"].get(instance_class)
    return found


def listed_apart(region: str) -> bool:
    """Whether the region is not in AWS's common price list."""
    return partition(region) in APART


@lru_cache(maxsize=64)
def price_list(region: str, kept: str = "") -> PriceList:
    """What is known of that region; for a region without prices only what costs the same everywhere.

    `kept` is the text of `kept_text`, whose prices come first. Raises ValueError for any other text.
    """
    raw = _raw()
    usual = {} if listed_apart(region) else raw["everywhere"]
    rows = {**usual, **raw["regions"].get(region, {})}
    prices = {item: _price(raw, dollars, source) for item, (dollars, source) in rows.items()}
    return PriceList(region, {**prices, **(_kept(kept) if kept else {})})


def kept_text(region: str, prices: Mapping[str, float], today: date) -> str:
    """Prices of AWS's price list on a day, as JSON to be stored."""
    content = {"read": today.isoformat(), "source": f"AWS Price List API for {region}", "prices": dict(prices)}
    return json.dumps(content, indent=1) + "\n"


def price_rows() -> Mapping[str, PriceRow]:
    """The items that can be looked up at AWS."""
    return {item: PriceRow(**row) for item, row in _raw()["rows"].items()}


def price_items() -> Mapping[str, str]:
    """Every item that has a price somewhere, and its unit in words."""
    items: Mapping[str, str] = _raw()["items"]
    return items


def priced_regions() -> tuple[str, ...]:
    """The regions with prices."""
    return tuple(_raw()["regions"])


def used_by(kind: str) -> str | None:
    """The unit that a resource type is charged by if it costs only by use, such as `requests`; else None."""
    found: str | None = _raw()["by_use"].get(_made(kind))
    return found


def is_free(kind: str) -> bool:
    """Whether a resource of that type costs nothing by itself."""
    free: list[str] = _raw()["free"]
    kind = _made(kind)
    return kind in free or kind.startswith(tuple(name for name in free if name.endswith("::")))


def _made(kind: str) -> str:
    # Imported here: most commands that read prices ask for no resource type.
    from aurora_cfn.facts.stateful import made_type

    return made_type(kind)


def _kept(text: str) -> dict[str, Price]:
    try:
        raw = json.loads(text)
        day = date.fromisoformat(raw["read"])
        rows = {item: float(dollars) for item, dollars in raw["prices"].items() if item in price_items()}
        return {item: Price(dollars, day) for item, dollars in rows.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"these are no kept prices: {error}") from error


def _price(raw: Mapping[str, Any], dollars: float, source: str) -> Price:
    return Price(dollars, date.fromisoformat(raw["sources"][source]["date"]))


def _raw() -> Mapping[str, Any]:
    return read_facts("prices")
