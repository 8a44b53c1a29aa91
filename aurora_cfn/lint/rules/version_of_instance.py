"""EngineVersion on an instance of a cluster."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.database import INSTANCE
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class VersionOfInstance(AuroraRule):
    """EngineVersion on an instance of a cluster."""

    id = "W9038"
    shortdesc = "EngineVersion on an instance of a cluster"
    description = (
        "The cluster owns the version; a second copy on an instance is ignored at best and fails the next upgrade."
    )
    fix = "leave EngineVersion out of the instance"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"

    def look(self, world: World) -> Iterator[Problem]:
        for instance in world.resources(INSTANCE):
            found = instance.get("EngineVersion")
            if instance.get("DBClusterIdentifier").given and found.given:
                yield at(found, f"the cluster of {instance.name} owns the version")
