from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.regions import is_missing
from aurora_cfn.facts.versions import first_with, supports
from aurora_cfn.lint.databases import Cluster, aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class DataApiSupport(AuroraRule):
    """The Data API is not available for this version, region or instance class.

    EnableHttpEndpoint needs an engine version and a region with the RDS Data API, and does not work on T classes.
    """

    id = "E9015"
    fix = "raise EngineVersion, choose another region or class, or leave EnableHttpEndpoint out"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found = cluster.get("EnableHttpEndpoint")
            if found.flag is True and cluster.get("EngineMode").text != "serverless":
                for reason, fix in _reasons(cluster):
                    yield at(found, reason, f"{fix}, or leave EnableHttpEndpoint out")


def _reasons(cluster: Cluster) -> Iterator[tuple[str, str]]:
    """Why there is no Data API, each with what helps."""
    version, region = cluster.version, cluster.world.parameter("AWS::Region")
    if version and supports(version, "data-api", cluster.world.offered) is False:
        first = first_with(cluster.engine, "data-api")
        yield f"{version.short} has no Data API, {first} and newer have", "raise EngineVersion"
    if isinstance(region, str) and is_missing("data-api", region):
        yield f"the region {region} has no Data API", "choose another region"
    for instance in cluster.instances():
        kind = instance.get("DBInstanceClass").text or ""
        if instance.certain and kind.startswith("db.t"):
            what = f"{instance.name} is a {kind}, and the Data API does not work on T classes"
            yield what, "choose another DBInstanceClass"
