from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import snapshot_parameters
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class SnapshotParameterLosesData(AuroraRule):
    """A snapshot that comes from a parameter, on a cluster that is deleted when it is replaced.

    SnapshotIdentifier must be kept as long as the cluster exists: removing it creates a new, empty cluster and deletes
    the one with the data.
    """

    id = "E9039"
    fix = "set UpdateReplacePolicy to Snapshot, and keep the value of the parameter at every update"
    source_url = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html"
    )
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        yield from snapshot_parameters(world, kept=False)
