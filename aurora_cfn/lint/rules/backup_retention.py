from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters, single_instances
from aurora_cfn.lint.production import is_production
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class BackupRetention(AuroraRule):
    """Backups are kept for less than a week.

    Without BackupRetentionPeriod RDS keeps one day, and with 0 an instance has no backups; a mistake found later cannot
    be undone. A stack that a stage parameter or tag calls something else than production is not checked.
    """

    id = "W9026"
    fix = "set BackupRetentionPeriod to 7 or more"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html"
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for database in (*(row.resource for row in aurora_clusters(world)), *single_instances(world)):
            found = database.get("BackupRetentionPeriod")
            days = 1 if found.absent else found.number  # RDS's default
            if days is not None and days < 7 and is_production(database) is not False:
                place = database.path if found.absent else found.path
                kept = "not kept at all" if days == 0 else f"kept for {days:g} {'day' if days == 1 else 'days'}"
                yield Problem(place, f"backups of {database.name} are {kept}")
