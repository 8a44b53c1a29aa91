from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from aurora_cfn.lint.production import is_production
from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.world import World


class DsqlProtection(AuroraRule):
    """A DSQL cluster without deletion protection or DeletionPolicy.

    DSQL takes no final snapshot: a deleted cluster cannot be restored. Other stages than production may do without
    protection, but not without a DeletionPolicy.
    """

    id = "W9046"
    fix = "set DeletionProtectionEnabled to true, and DeletionPolicy and UpdateReplacePolicy to Retain"
    source_url = "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/what-is-aurora-dsql.html"
    checked = "2026-11-20"
    every_world = False
    tags: ClassVar[list[str]] = ["resources", "dsql"]

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in world.resources("AWS::DSQL::Cluster"):
            found = cluster.get("DeletionProtectionEnabled")
            if (found.absent or found.flag is False) and is_production(cluster) is not False:
                place = cluster.path if found.absent else found.path
                yield Problem(
                    place, f"{cluster.name} has no deletion protection", "set DeletionProtectionEnabled to true"
                )
            for name in ("DeletionPolicy", "UpdateReplacePolicy"):
                if cluster.attribute(name).absent:
                    yield on(cluster, f"{cluster.name} has no {name}", f"set {name} to Retain")
