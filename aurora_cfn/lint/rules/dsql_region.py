from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from aurora_cfn.facts.regions import is_missing, known_regions
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.world import Resource, World


class DsqlRegion(AuroraRule):
    """DSQL is not available in this region, or the regions of a multi-Region cluster do not fit.

    Aurora DSQL exists in some regions only. A multi-Region cluster has a peer in a second region and a witness in a
    third.
    """

    id = "E9046"
    fix = "deploy to a region with DSQL, and name another WitnessRegion"
    source_url = "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/configuring-multi-region-clusters.html"
    checked = "2026-11-28"
    tags: ClassVar[list[str]] = ["resources", "dsql"]

    def look(self, world: World) -> Iterator[Problem]:
        region = world.parameter("AWS::Region")
        for cluster in world.resources("AWS::DSQL::Cluster"):
            if isinstance(region, str) and is_missing("dsql", region):
                yield on(cluster, f"the region {region} has no Aurora DSQL", "deploy to a region with DSQL")
            yield from _witness(cluster, region if isinstance(region, str) else "")


def _witness(cluster: Resource, region: str) -> Iterator[Problem]:
    witness = cluster.get("MultiRegionProperties", "WitnessRegion")
    if witness.text and witness.text == region:
        message = f"WitnessRegion {witness.text} is the region of the cluster itself"
        yield at(witness, message, "name another WitnessRegion")
    elif witness.text and witness.text not in known_regions():
        yield at(witness, f"there is no region {witness.text} for WitnessRegion", "name a region with DSQL")
    for peer in cluster.items("MultiRegionProperties", "Clusters") or ():
        where = ((peer.text or "").split(":") + [""] * 4)[3]
        if where and where in {region, witness.text}:
            owner = "the cluster" if where == region else "the witness"
            yield at(peer, f"the peer is in {where}, the region of {owner}", "name a peer in another region")
