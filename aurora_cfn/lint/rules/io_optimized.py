from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.prices import PriceList, price_list
from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.subject import DEFAULT_REGION
from aurora_cfn.lint.world import World
from aurora_cfn.template.forms import scalar_text


class IoOptimized(AuroraRule):
    """I/O-Optimized storage costs more unless there is much I/O.

    With aurora-iopt1 I/O is free, while compute and storage cost more. AWS advises it when I/O is a quarter or more of
    the bill of the database; a cluster may go back to Standard at any time, and return after 30 days.
    """

    id = "I9050"
    fix = "keep it when I/O is 25 % or more of the bill, otherwise leave StorageType out"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.StorageReliability.html"
    checked = "2026-11-21"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found = cluster.get("StorageType")
            if found.text == "aurora-iopt1":
                yield at(found, f"{cluster.resource.name} pays {_factors(world)} for free I/O")


def _factors(world: World) -> str:
    """How much more an ACU and a GB cost, where the stack will be if that and its prices are known."""
    region = scalar_text(world.parameter("AWS::Region"))
    factors = _known_factors(price_list(region)) if region else None
    acu, storage = factors or _known_factors(price_list(DEFAULT_REGION)) or (0.0, 0.0)
    return f"{acu:.2g} times the price of an ACU and {storage:.3g} times that of storage"


def _known_factors(prices: PriceList) -> tuple[float, float] | None:
    rows = [prices.get(name) for name in ("acu_hour", "storage_gb_month")]
    more = [prices.get(f"{name}_io_optimized") for name in ("acu_hour", "storage_gb_month")]
    known = [one.dollars / other.dollars for one, other in zip(more, rows, strict=True) if one and other]
    return (known[0], known[1]) if len(known) == 2 else None
