from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.versions import first_with, supports
from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class CapacityOver128(AuroraRule):
    """MaxCapacity over 128 needs a recent engine version.

    Older engine versions scale to 128 ACU only; 256 came with the versions named in the finding.
    """

    id = "W9006"
    fix = "lower MaxCapacity to 128 or raise EngineVersion"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            most = cluster.get("ServerlessV2ScalingConfiguration", "MaxCapacity")
            version = cluster.version
            if version and most.number and most.number > 128 and supports(version, "256-acu", world.offered) is False:
                first = first_with(cluster.engine, "256-acu")
                yield at(most, f"{version.short} scales to 128 ACU only, {first} and newer to 256")
