from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class IgnoredWithSnapshot(AuroraRule):
    """A property that a restore ignores.

    A cluster restored from a snapshot has the databases of the snapshot; DatabaseName does nothing, and cfn-lint says
    so of MasterUsername only.
    """

    id = "W9054"
    fix = "leave DatabaseName out while SnapshotIdentifier is given"
    source_url = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html"
    )
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in world.resources(CLUSTER):
            snapshot, name = cluster.get("SnapshotIdentifier"), cluster.get("DatabaseName")
            given = snapshot.given and snapshot.text != ""
            if given and name.given:
                yield at(name, f"{cluster.name} is restored from a snapshot, so DatabaseName is ignored")
