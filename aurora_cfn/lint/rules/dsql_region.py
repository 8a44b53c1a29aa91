from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from aurora_cfn.facts.regions import is_missing
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.world import World


class DsqlRegion(AuroraRule):
    """DSQL is not available in this region, or the witness is the cluster's own region.

    Aurora DSQL exists in some regions only; a multi-Region cluster needs a witness in a third region.
    """

    id = "E9046"
    fix = "deploy to a region with DSQL, and name another WitnessRegion"
    source_url = "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/what-is-aurora-dsql.html"
    checked = "2026-11-20"
    tags: ClassVar[list[str]] = ["resources", "dsql"]

    def look(self, world: World) -> Iterator[Problem]:
        region = world.parameter("AWS::Region")
        for cluster in world.resources("AWS::DSQL::Cluster"):
            witness = cluster.get("MultiRegionProperties", "WitnessRegion")
            if isinstance(region, str) and is_missing("dsql", region):
                yield on(cluster, f"the region {region} has no Aurora DSQL", "deploy to a region with DSQL")
            if witness.text is not None and witness.text == region:
                message = f"WitnessRegion {witness.text} is the region of the cluster itself"
                yield at(witness, message, "name another WitnessRegion")
