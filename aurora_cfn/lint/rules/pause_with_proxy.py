from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class PauseWithProxy(AuroraRule):
    """A cluster behind RDS Proxy never pauses.

    RDS Proxy keeps a connection open to every instance, so a cluster with MinCapacity 0 never pauses and is billed all
    the time; no event reports it.
    """

    id = "W9009"
    fix = "leave the proxy out, or set MinCapacity to the capacity that the cluster keeps"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            for target in cluster.proxy_targets():
                if cluster.pauses and target.certain:
                    least = cluster.get("ServerlessV2ScalingConfiguration", "MinCapacity")
                    yield at(least, f"{cluster.resource.name} never pauses: {target.name} keeps connections open to it")
