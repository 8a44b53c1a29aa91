from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.engine_parameters import cluster_parameters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ParameterOfCluster(AuroraRule):
    """A parameter of the cluster in the parameter group of an instance.

    Replication, TLS, auditing, character sets and the layout of the storage are the same for a whole Aurora cluster.
    The group of an instance does not have their parameters, and CloudFormation fails with 'Invalid / Unmodifiable /
    Unsupported DB Parameter'.
    """

    id = "E9033"
    fix = "set it in the AWS::RDS::DBClusterParameterGroup of the cluster"
    source_url = (
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithDBClusterParamGroups.html"
    )
    checked = "2026-11-21"

    def look(self, world: World) -> Iterator[Problem]:
        for group in world.resources("AWS::RDS::DBParameterGroup"):
            shared = cluster_parameters(group.get("Family").text or "", world.offered)
            for name in sorted(shared.intersection(group.get("Parameters").mapping)):
                found = group.get("Parameters", name)
                if not found.absent:
                    yield at(found, f"{name} belongs to the cluster, and {group.name} is the group of an instance")
