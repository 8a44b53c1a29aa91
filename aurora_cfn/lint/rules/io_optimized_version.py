from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.versions import first_with, supports
from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class IoOptimizedVersion(AuroraRule):
    """I/O-Optimized storage needs an engine version that has it.

    StorageType aurora-iopt1 came with certain minor versions; RDS refuses it on older ones.
    """

    id = "E9052"
    fix = "raise EngineVersion, or leave StorageType out"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.StorageReliability.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found, version = cluster.get("StorageType"), cluster.version
            if found.text == "aurora-iopt1" and version and supports(version, "io-optimized", world.offered) is False:
                first = first_with(cluster.engine, "io-optimized")
                yield at(found, f"{version.short} has no aurora-iopt1, {first} and newer have")
