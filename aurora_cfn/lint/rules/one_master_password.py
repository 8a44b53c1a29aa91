from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.databases import CLUSTER, INSTANCE, Cluster, aurora_clusters, single_instances
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.world import Resource, World

_RESTORED: Final = ("DBSnapshotIdentifier", "DBClusterSnapshotIdentifier", "SourceDbiResourceId")


class OneMasterPassword(AuroraRule):
    """The master password comes from exactly one place.

    RDS refuses MasterUserPassword together with ManageMasterUserPassword, and a new cluster or instance without either.
    """

    id = "E9017"
    fix = "set ManageMasterUserPassword to true and leave MasterUserPassword out: RDS then keeps and rotates the secret"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-secrets-manager.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for resource in (*world.resources(CLUSTER), *world.resources(INSTANCE)):
            password, managed = resource.get("MasterUserPassword"), resource.get("ManageMasterUserPassword")
            if managed.flag is True and password.given:
                yield at(password, "MasterUserPassword and ManageMasterUserPassword are both given")
        # A database that perhaps is not made needs no password yet.
        for cluster in aurora_clusters(world):
            if cluster.resource.certain and not _is_exempt(cluster) and _has_no_password(cluster.resource):
                yield on(cluster.resource, f"the cluster {cluster.resource.name} has no master password")
        for instance in single_instances(world):
            restored = any(not instance.get(name).absent for name in _RESTORED)
            if instance.certain and not restored and _has_no_password(instance):
                yield on(instance, f"the instance {instance.name} has no master password")


def _is_exempt(cluster: Cluster) -> bool:
    """Whether the cluster takes its password from elsewhere, or has none."""
    replica = not cluster.get("ReplicationSourceIdentifier").absent
    return cluster.is_copy or cluster.is_express or replica


def _has_no_password(database: Resource) -> bool:
    managed = database.get("ManageMasterUserPassword")
    given = not database.get("MasterUserPassword").absent or not (managed.absent or managed.flag is False)
    return not given and database.get("MasterUserAuthenticationType").absent
