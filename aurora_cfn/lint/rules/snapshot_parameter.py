from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import snapshot_parameters
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class SnapshotParameter(AuroraRule):
    """A snapshot that comes from a parameter must be given at every update.

    SnapshotIdentifier must be kept as long as the cluster exists: removing it creates a new, empty cluster; the old
    data is then in a snapshot only.
    """

    id = "W9039"
    fix = "keep the value of the parameter at every update, and suppress this finding with that reason"
    source_url = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html"
    )
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        yield from snapshot_parameters(world, kept=True)
