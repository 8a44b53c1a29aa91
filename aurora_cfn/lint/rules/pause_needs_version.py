from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.versions import first_with, supports
from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class PauseNeedsVersion(AuroraRule):
    """MinCapacity 0 needs an engine version that can pause.

    Automatic pause came with certain minor versions; on older ones RDS refuses a MinCapacity of 0.
    """

    id = "E9007"
    fix = "raise EngineVersion or set MinCapacity to at least 0.5"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            version = cluster.version
            if version and cluster.pauses and supports(version, "scale-to-zero", world.offered) is False:
                least = cluster.get("ServerlessV2ScalingConfiguration", "MinCapacity")
                first = first_with(cluster.engine, "scale-to-zero")
                yield at(least, f"{version.short} cannot scale to zero, {first} and newer can")
