"""Clusters whose snapshot hangs on a parameter."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.database import CLUSTER
from aurora_cfn.lint.mentions import deciding_parameters
from aurora_cfn.lint.rule import Problem
from aurora_cfn.lint.world import World


def snapshot_parameters(world: World, *, kept: bool) -> Iterator[Problem]:
    """Clusters that an emptied parameter would replace; `kept`: those whose data UpdateReplacePolicy keeps, or not."""
    for cluster in world.resources(CLUSTER):
        found = cluster.get("SnapshotIdentifier")
        keeps = cluster.attribute("UpdateReplacePolicy").text in {"Snapshot", "Retain"}
        names = deciding_parameters(world, cluster.written("SnapshotIdentifier"))
        if names and keeps is kept:
            place = cluster.path if found.absent else found.path
            yield Problem(
                place, f"emptying {', '.join(sorted(names))} later replaces {cluster.name} by an empty cluster"
            )
