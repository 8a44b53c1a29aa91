from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

_OF_CLUSTER: Final = "AWS::RDS::DBClusterParameterGroup"
_OF_INSTANCE: Final = "AWS::RDS::DBParameterGroup"
_NAMES: Final = (
    (CLUSTER, "DBClusterParameterGroupName", _OF_CLUSTER),
    (CLUSTER, "DBInstanceParameterGroupName", _OF_INSTANCE),
    (INSTANCE, "DBParameterGroupName", _OF_INSTANCE),
)


class ParameterGroupKind(AuroraRule):
    """A parameter group of an instance where one of a cluster is needed, or the other way round.

    A cluster takes an AWS::RDS::DBClusterParameterGroup, an instance an AWS::RDS::DBParameterGroup; RDS finds no group
    of the name otherwise.
    """

    id = "E9072"
    fix = "name a parameter group of the right type"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for kind, name, wanted in _NAMES:
            for resource in world.resources(kind):
                found = resource.get(name)
                group = world.target(found)
                if group and group.type in {_OF_CLUSTER, _OF_INSTANCE} and group.type != wanted:
                    yield at(found, f"{name} names {group.name}, which is an {group.type}", f"name an {wanted}")
