from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class Backtrack(AuroraRule):
    """Backtrack is for Aurora MySQL, and for 72 hours at most.

    BacktrackWindow is 0 to 259200 seconds; Aurora PostgreSQL does not have it.
    """

    id = "E9050"
    fix = "leave BacktrackWindow out, or use at most 259200"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found = cluster.get("BacktrackWindow")
            if found.number and cluster.is_postgresql:
                yield at(found, "Aurora PostgreSQL cannot backtrack", "leave BacktrackWindow out")
            elif found.number is not None and not 0 <= found.number <= 259200:
                yield at(found, f"BacktrackWindow {found.number:g} is not between 0 and 259200", "use at most 259200")
