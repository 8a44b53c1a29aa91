from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.production import is_production
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class BackupRetention(AuroraRule):
    """Backups are kept for less than a week.

    Without BackupRetentionPeriod RDS keeps one day; a mistake found later cannot be undone. A stack that a stage
    parameter or tag calls something else than production is not checked.
    """

    id = "W9026"
    fix = "set BackupRetentionPeriod to 7 or more"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found = cluster.get("BackupRetentionPeriod")
            days = 1 if found.absent else found.number
            if days is not None and days < 7 and is_production(cluster.resource) is not False:
                place = cluster.resource.path if found.absent else found.path
                yield Problem(place, f"backups of {cluster.resource.name} are kept for {days:g} {_days(days)}")


def _days(count: float) -> str:
    return "day" if count == 1 else "days"
