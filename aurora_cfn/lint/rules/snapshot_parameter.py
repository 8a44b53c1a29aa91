"""A snapshot that comes from a parameter must stay for ever."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.snapshots import snapshot_parameters
from aurora_cfn.lint.world import World


class SnapshotParameter(AuroraRule):
    """A snapshot that comes from a parameter must stay for ever."""

    id = "W9039"
    shortdesc = "A snapshot that comes from a parameter must stay for ever"
    description = (
        "SnapshotIdentifier must stay for as long as the cluster lives: removing it makes a new, empty "
        "cluster; the old data is then in a snapshot only."
    )
    fix = "keep the value of the parameter at every update, and waive this with that as the reason"
    source_url = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html"
    )

    def look(self, world: World) -> Iterator[Problem]:
        yield from snapshot_parameters(world, kept=True)
