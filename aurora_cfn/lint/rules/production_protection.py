from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters, single_instances
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
        for database in (*(row.resource for row in aurora_clusters(world)), *single_instances(world)):
            found = database.get("DeletionProtection")
            if (found.absent or found.flag is False) and is_production(database) is True:
                place = database.path if found.absent else found.path
                yield Problem(place, f"the production database {database.name} can be deleted in one call")
