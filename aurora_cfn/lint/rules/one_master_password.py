from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER, INSTANCE, Cluster, aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.world import World


class OneMasterPassword(AuroraRule):
    """The master password comes from exactly one place.

    RDS refuses MasterUserPassword together with ManageMasterUserPassword, and a new cluster without either.
    """

    id = "E9017"
    fix = "set ManageMasterUserPassword to true and leave MasterUserPassword out: RDS then keeps and rotates the secret"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for resource in (*world.resources(CLUSTER), *world.resources(INSTANCE)):
            password, managed = resource.get("MasterUserPassword"), resource.get("ManageMasterUserPassword")
            if managed.flag is True and password.given:
                yield at(password, "MasterUserPassword and ManageMasterUserPassword are both given")
        for cluster in aurora_clusters(world):
            if _has_no_password(cluster) and not cluster.is_copy and cluster.resource.certain:
                yield on(cluster.resource, f"the cluster {cluster.resource.name} has no master password")


def _has_no_password(cluster: Cluster) -> bool:
    managed = cluster.get("ManageMasterUserPassword")
    by_iam = cluster.get("MasterUserAuthenticationType")
    replica = cluster.get("ReplicationSourceIdentifier")
    given = not cluster.get("MasterUserPassword").absent or not (managed.absent or managed.flag is False)
    return not given and by_iam.absent and replica.absent
