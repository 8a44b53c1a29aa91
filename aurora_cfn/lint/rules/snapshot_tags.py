"""Snapshots lose the tags of their cluster."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.database import left_off
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class SnapshotTags(AuroraRule):
    """Snapshots lose the tags of their cluster."""

    id = "W9050"
    shortdesc = "Snapshots lose the tags of their cluster"
    description = (
        "Tags say whose a snapshot is and what it costs whom; without CopyTagsToSnapshot it has none. "
        "Security Hub RDS.16."
    )
    fix = "set CopyTagsToSnapshot to true"
    source_url = "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster, place in left_off(world, "CopyTagsToSnapshot"):
            yield Problem(place, f"snapshots of {cluster.resource.name} have no tags")
