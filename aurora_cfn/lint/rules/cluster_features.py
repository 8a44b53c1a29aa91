"""Rules about features that a cluster has or pays for: the Data API, I/O-Optimized storage."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.prices import PriceList, price_list
from aurora_cfn.facts.regions import is_missing
from aurora_cfn.facts.versions import first_with, supports
from aurora_cfn.lint.databases import Cluster, aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.subject import DEFAULT_REGION
from aurora_cfn.lint.variant import Variant
from aurora_cfn.template.forms import scalar_text


class DataApiSupport(AuroraRule):
    """The Data API is not available for this version, region or instance class.

    EnableHttpEndpoint needs an engine version and a region with the RDS Data API, and does not work on T classes.
    """

    id = "E9015"
    fix = "raise EngineVersion, choose another region or class, or leave EnableHttpEndpoint out"
    page = "Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            found = cluster.get("EnableHttpEndpoint")
            if found.flag is True and cluster.get("EngineMode").text != "serverless":
                for reason, fix in _reasons(cluster):
                    yield at(found, reason, f"{fix}, or leave EnableHttpEndpoint out")


def _reasons(cluster: Cluster) -> Iterator[tuple[str, str]]:
    """Why there is no Data API, each with what helps."""
    version, region = cluster.version, cluster.variant.parameter("AWS::Region")
    if version and supports(version, "data-api", cluster.variant.offered) is False:
        first = first_with(cluster.engine, "data-api")
        yield f"{version.short} has no Data API, {first} and newer have", "raise EngineVersion"
    if isinstance(region, str) and is_missing("data-api", region):
        yield f"the region {region} has no Data API", "choose another region"
    for instance in cluster.instances():
        kind = instance.get("DBInstanceClass").text or ""
        if instance.certain and kind.startswith("db.t"):
            what = f"{instance.name} is a {kind}, and the Data API does not work on T classes"
            yield what, "choose another DBInstanceClass"


class IoOptimized(AuroraRule):
    """I/O-Optimized storage costs more unless there is much I/O.

    With aurora-iopt1 I/O is free, while compute and storage cost more. AWS advises it when I/O is a quarter or more of
    the bill of the database; a cluster may go back to Standard at any time, and return after 30 days.
    """

    id = "I9050"
    fix = "keep it when I/O is 25 % or more of the bill, otherwise leave StorageType out"
    page = "Aurora.Overview.StorageReliability"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            found = cluster.get("StorageType")
            if found.text == "aurora-iopt1":
                yield at(found, f"{cluster.resource.name} pays {_factors(variant)} for free I/O")


def _factors(variant: Variant) -> str:
    """How much more an ACU and a GB cost, where the stack will be if that and its prices are known."""
    region = scalar_text(variant.parameter("AWS::Region"))
    factors = _known_factors(price_list(region)) if region else None
    acu, storage = factors or _known_factors(price_list(DEFAULT_REGION)) or (0.0, 0.0)
    return f"{acu:.2g} times the price of an ACU and {storage:.3g} times that of storage"


def _known_factors(prices: PriceList) -> tuple[float, float] | None:
    rows = [prices.get(name) for name in ("acu_hour", "storage_gb_month")]
    more = [prices.get(f"{name}_io_optimized") for name in ("acu_hour", "storage_gb_month")]
    known = [one.dollars / other.dollars for one, other in zip(more, rows, strict=True) if one and other]
    return (known[0], known[1]) if len(known) == 2 else None
