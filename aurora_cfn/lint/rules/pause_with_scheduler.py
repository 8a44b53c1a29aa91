from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class PauseWithScheduler(AuroraRule):
    """Jobs inside the database do not run while the cluster pauses.

    pg_cron and the MySQL event scheduler skip the jobs that are due while a cluster with MinCapacity 0 is paused.
    """

    id = "I9013"
    fix = "schedule the jobs outside, such as with EventBridge, or set MinCapacity over 0"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            name = "shared_preload_libraries" if cluster.is_postgresql else "event_scheduler"
            job_runner = "PG_CRON" if cluster.is_postgresql else "ON"
            found = cluster.setting(name)
            values = (found.text or "").upper().replace(" ", "").split(",") if found else []
            if cluster.pauses and found and job_runner in values:
                yield at(found, f"{name} {found.text}: its jobs are skipped while {cluster.resource.name} is paused")
