from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.production import is_production
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class ProductionProtection(AuroraRule):
    """A production database without deletion protection.

    With deletion protection RDS refuses to delete the database. Security Hub RDS.7.
    """

    id = "W9023"
    fix = "set DeletionProtection to true in production"
    source_url = "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found = cluster.get("DeletionProtection")
            if (found.absent or found.flag is False) and is_production(cluster.resource) is True:
                place = cluster.resource.path if found.absent else found.path
                yield Problem(place, f"the production cluster {cluster.resource.name} can be deleted in one call")
