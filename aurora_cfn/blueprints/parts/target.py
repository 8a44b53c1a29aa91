"""The database that a stack is made for: a cluster, or an instance that is not part of one."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.parts.conditions import chosen
from aurora_cfn.parameters import Check, Parameter, Values


def target_group(role: str) -> ParameterGroup:
    """TargetType and TargetName; `role` says what the stack does with the database.

    The checks see the parameters of the stack that TargetName refers to: InstanceClass is one of rds-postgres,
    MaxCapacity one of the Aurora templates.
    """
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
    return ParameterGroup(
        rows,
        conditions={"IsCluster": chosen("TargetType", "cluster")},
        checks=(
            Check(("TargetType", "TargetName.InstanceClass"), _mismatch("cluster", "instance")),
            Check(("TargetType", "TargetName.MaxCapacity"), _mismatch("instance", "cluster")),
        ),
    )


def _mismatch(given: str, real: str) -> Callable[[Values], str | None]:
    article = {"cluster": "a cluster", "instance": "an instance"}[real]

    def problem(values: Values) -> str | None:
        return f"TargetType is {given}, but TargetName is {article}" if values["TargetType"] == given else None

    return problem
