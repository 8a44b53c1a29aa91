"""The database that a stack is made for: a cluster, or an instance that is not part of one."""

from __future__ import annotations

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.parts.conditions import chosen
from aurora_cfn.parameters import Parameter


def target_group(role: str) -> ParameterGroup:
    """TargetType and TargetName; `role` says what the stack does with the database."""
    rows = (
        Parameter(
            "TargetType", f"{role}: an Aurora cluster, or an RDS instance that is not part of one.",
            default="cluster", group="Target", allowed=("cluster", "instance"),
        ),
        Parameter(
            "TargetName",
            "Identifier of the cluster or instance: the output ClusterName or InstanceName of its stack, as in"
            " {output: database.ClusterName}.",
            group="Target", pattern="^[a-z](-?[a-z0-9]){0,62}$",
            constraint="lower-case letters, digits and single hyphens, starting with a letter, at most 63",
            max_length=63,
        ),
    )  # fmt: skip
    return ParameterGroup(rows, conditions={"IsCluster": chosen("TargetType", "cluster")})
