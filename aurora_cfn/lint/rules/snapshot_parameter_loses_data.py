"""A snapshot that comes from a parameter, and nothing keeps the cluster when it goes."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.snapshots import snapshot_parameters
from aurora_cfn.lint.world import World


class SnapshotParameterLosesData(AuroraRule):
    """A snapshot that comes from a parameter, and nothing keeps the cluster when it goes."""

    id = "E9039"
    shortdesc = "A snapshot that comes from a parameter, and nothing keeps the cluster when it goes"
    description = (
        "SnapshotIdentifier must stay for as long as the cluster lives: removing it makes a new, empty "
        "cluster and deletes the one with the data."
    )
    fix = "set UpdateReplacePolicy to Snapshot, and keep the value of the parameter at every update"
    source_url = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html"
    )

    def look(self, world: World) -> Iterator[Problem]:
        yield from snapshot_parameters(world, kept=False)
