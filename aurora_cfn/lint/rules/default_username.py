from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.reserved import is_reserved_user
from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class DefaultUsername(AuroraRule):
    """The master user has the engine's default name.

    Security Hub control RDS.24 asks for a name other than the engine's default admin or postgres.
    """

    id = "W9020"
    fix = "choose another name, such as dbadmin: it cannot be changed later without a new cluster"
    source_url = "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found = cluster.get("MasterUsername")
            name = (found.text or "").lower()
            if name in {"admin", "postgres"} and not is_reserved_user(cluster.engine, name):
                yield at(found, f"{found.text!r} is the engine's default name")
