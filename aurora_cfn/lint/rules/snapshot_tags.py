from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import left_off
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class SnapshotTags(AuroraRule):
    """Snapshots lose the tags of their cluster.

    Tags name the owner and the cost centre of a snapshot; without CopyTagsToSnapshot it has none. Security Hub RDS.16.
    """

    id = "W9050"
    fix = "set CopyTagsToSnapshot to true"
    source_url = "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster, place in left_off(world, "CopyTagsToSnapshot"):
            yield Problem(place, f"snapshots of {cluster.resource.name} have no tags")
