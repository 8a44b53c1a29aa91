"""The green side of a blue/green deployment in a policy: RDS gives it names of its own, NAME-green- and a random end.

Actions are those of "Authorizing access to Amazon Aurora blue/green deployment operations" (Aurora user guide), their
resource types those of the service authorization reference (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

DEPLOYMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "rds:AddTagsToResource": ("deployment", "green cluster", "green db", "cluster-snapshot", "snapshot"),
    "rds:CreateBlueGreenDeployment": ("cluster", "cluster-pg", "deployment"),
    "rds:SwitchoverBlueGreenDeployment": ("deployment", "cluster", "green cluster", "green db"),
    "rds:DeleteBlueGreenDeployment": ("deployment",),
    "rds:CreateDBCluster": ("green cluster", "cluster-pg", "subgrp"),
    "rds:CreateDBInstance": ("green cluster", "green db", "pg"),
    "rds:CreateDBClusterEndpoint": ("green cluster", "cluster-endpoint"),
    "rds:ModifyDBCluster": ("cluster", "green cluster"),
    "rds:PromoteReadReplicaDBCluster": ("green cluster",),
    # Not the blue side: the policy must not be able to delete the database that is in use.
    "rds:DeleteDBCluster": ("green cluster",),
    "rds:DeleteDBInstance": ("green db",),
    "rds:DeleteDBClusterEndpoint": ("cluster-endpoint",),
}
"""Resource types of the actions of an upgrade; those of the green side have a pattern for their names."""


def deployment_arns(action: str, clusters: Sequence[str]) -> Iterator[str]:
    """The ends of the ARNs that the action is allowed for, with the names of the environment's clusters."""
    for kind in DEPLOYMENTS[action]:
        if kind == "cluster":
            yield from (f"cluster:{name}" for name in clusters)
        elif kind == "green cluster":
            yield from (f"cluster:{name}-green-*" for name in clusters)
        else:
            # Instances of a cluster have any names; groups and endpoints are only referred to.
            yield "db:*-green-*" if kind == "green db" else f"{kind}:*"
