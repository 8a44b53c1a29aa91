from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import INSTANCE
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class DeletionSnapshotOfInstance(AuroraRule):
    """DeletionPolicy Snapshot on an instance of a cluster.

    CloudFormation's handler refuses to create the instance: the policy cannot be specified for an instance of a
    cluster, whose data is the cluster's.
    """

    id = "E9025"
    fix = "set DeletionPolicy Snapshot on the cluster and Delete on its instances"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for instance in world.resources(INSTANCE):
            found = instance.attribute("DeletionPolicy")
            if found.text == "Snapshot" and instance.get("DBClusterIdentifier").given:
                yield at(found, f"DeletionPolicy Snapshot is refused for {instance.name}, an instance of a cluster")
