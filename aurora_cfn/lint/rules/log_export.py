from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class LogExport(AuroraRule):
    """The database log is not exported.

    Logs that are not exported are deleted with the instance. Security Hub RDS.37 (PostgreSQL) and RDS.34 (MySQL audit
    log).
    """

    id = "W9028"
    fix = "add postgresql (PostgreSQL) or audit (MySQL) to EnableCloudwatchLogsExports"
    source_url = "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            wanted = "postgresql" if cluster.is_postgresql else "audit"
            found = cluster.get("EnableCloudwatchLogsExports")
            rows = cluster.resource.items("EnableCloudwatchLogsExports")
            if rows is not None and all(row.text not in {wanted, None} for row in rows):
                place = cluster.resource.path if found.absent else found.path
                yield Problem(place, f"{cluster.resource.name} does not export its {wanted} log")
