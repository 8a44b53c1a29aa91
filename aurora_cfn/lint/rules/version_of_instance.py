from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import INSTANCE
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class VersionOfInstance(AuroraRule):
    """EngineVersion on an instance of a cluster.

    The version is the cluster's; one on an instance is ignored, or makes the next upgrade fail.
    """

    id = "W9038"
    fix = "leave EngineVersion out of the instance"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for instance in world.resources(INSTANCE):
            found = instance.get("EngineVersion")
            if instance.get("DBClusterIdentifier").given and found.given:
                yield at(found, f"the version of {instance.name} is that of its cluster")
