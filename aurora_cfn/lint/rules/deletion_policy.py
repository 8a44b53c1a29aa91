from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER, single_instances
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class DeletionPolicyOfDatabase(AuroraRule):
    """Deleting the stack deletes the data.

    DeletionPolicy Delete on a cluster, or on an instance outside of a cluster, skips the final snapshot.
    """

    id = "W9053"
    fix = "set DeletionPolicy to Snapshot or Retain"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html"
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for database in (*world.resources(CLUSTER), *single_instances(world)):
            found = database.attribute("DeletionPolicy")
            if found.text == "Delete":
                yield at(found, f"deleting the stack deletes the data of {database.name}")
