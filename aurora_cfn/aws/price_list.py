"""Current list prices from the AWS Price List API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.facts.prices import PriceRow, price_rows

HOME = "us-east-1"
"""A region with an endpoint of the API, which has the prices of all regions (Billing user guide, read 2026-11)."""


@dataclass(frozen=True, slots=True)
class AwsPriceList:
    """Prices by item, read with pricing:GetProducts; needs a session of the region HOME."""

    session: Session

    def prices(self, region: str) -> dict[str, float]:
        """US dollars by item in that region; without items that have no price, or more than one."""
        found = {item: self._price(region, row) for item, row in price_rows().items()}
        return {item: dollars for item, dollars in found.items() if dollars is not None}

    def _price(self, region: str, row: PriceRow) -> float | None:
        # Several products with one price are one item; several prices mean that the row is not exact enough.
        amounts = {amount for product in self._products(region, row) for amount in _on_demand(product)}
        return round(amounts.pop() * row.units, 10) if len(amounts) == 1 else None

    def _products(self, region: str, row: PriceRow) -> list[Mapping[str, Any]]:
        """The products whose usage type is the row's, with or without the region's prefix (`EUW2-`)."""
        # CONTAINS, because usage types begin with a prefix of the region that AWS documents only in part (`EUW2-`).
        filters = [
            {"Type": "EQUALS", "Field": "regionCode", "Value": region},
            {"Type": "CONTAINS", "Field": "usagetype", "Value": row.usage},
        ]
        found = every_row(
            self.session.client("pricing"), "get_products", "PriceList", json.loads,
            ServiceCode=row.service, Filters=filters, FormatVersion="aws_v1",
        )  # fmt: skip
        return [product for product in found if _is(product.get("product", {}).get("attributes", {}), row)]


def _is(attributes: Mapping[str, str], row: PriceRow) -> bool:
    usage = attributes.get("usagetype", "")
    prefix = usage.removesuffix(row.usage)
    # One hyphen: `EUW2-Aurora:...`, and not `EUW2-Other-Aurora:...` with a longer name of its own.
    same = usage == row.usage or (usage.endswith(row.usage) and prefix.endswith("-") and prefix.count("-") == 1)
    return same and all(attributes.get(name) == value for name, value in row.where.items())


def _on_demand(product: Mapping[str, Any]) -> Iterator[float]:
    """Dollars a unit in the first tier that is not free."""
    for term in product.get("terms", {}).get("OnDemand", {}).values():
        tiers = sorted(term["priceDimensions"].values(), key=lambda tier: float(tier.get("beginRange") or 0))
        amounts = (float(tier["pricePerUnit"].get("USD", 0)) for tier in tiers)
        yield from (amount for amount in [next((amount for amount in amounts if amount), 0.0)] if amount)
