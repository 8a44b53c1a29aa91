from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.production import is_production
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class PauseInProduction(AuroraRule):
    """A production cluster that pauses makes its first client wait.

    Resuming takes about 15 seconds, 30 and more after a day of pause; clients need timeouts and retries for it.
    """

    id = "I9012"
    fix = "set MinCapacity to at least 0.5 for production, or waive this with the reason"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            if cluster.pauses and is_production(cluster.resource) is True:
                least = cluster.get("ServerlessV2ScalingConfiguration", "MinCapacity")
                yield at(least, "the production cluster pauses: the next connection waits 15 seconds or more")
