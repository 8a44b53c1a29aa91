from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import SERVERLESS, aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ServerlessNeedsCapacity(AuroraRule):
    """A db.serverless instance needs its cluster's ServerlessV2ScalingConfiguration.

    A cluster must have a ServerlessV2ScalingConfiguration before an instance of class db.serverless can be added to it.
    """

    id = "E9003"
    fix = "give the cluster ServerlessV2ScalingConfiguration with MinCapacity and MaxCapacity"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.requirements.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            if cluster.get("ServerlessV2ScalingConfiguration").absent:
                for instance in cluster.instances():
                    if instance.certain and instance.get("DBInstanceClass").text == SERVERLESS:
                        found = instance.get("DBInstanceClass")
                        yield at(found, f"{cluster.resource.name} has no ServerlessV2ScalingConfiguration")
