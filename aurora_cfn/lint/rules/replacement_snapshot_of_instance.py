from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import INSTANCE
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ReplacementSnapshotOfInstance(AuroraRule):
    """UpdateReplacePolicy Snapshot has no effect on an instance of Aurora.

    The data belongs to the cluster; an instance of it has no snapshot of its own.
    """

    id = "W9025"
    fix = "set UpdateReplacePolicy Snapshot on the cluster and Delete on its instances"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatereplacepolicy.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for instance in world.resources(INSTANCE):
            found = instance.attribute("UpdateReplacePolicy")
            if found.text == "Snapshot" and not instance.get("DBClusterIdentifier").absent:
                yield at(
                    found, f"UpdateReplacePolicy Snapshot does nothing for {instance.name}, an instance of a cluster"
                )
