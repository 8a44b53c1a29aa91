from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters, single_instances
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.world import World

_CLUSTER = (
    "set StorageEncrypted to true for a new cluster; on an existing one the change replaces it by an empty cluster, so "
    "restore an encrypted copy of a snapshot instead"
)
_INSTANCE = (
    "set StorageEncrypted to true for a new instance; on an existing one the change replaces it by an empty instance, "
    "so restore an encrypted copy of a snapshot instead"
)


class StorageEncryption(AuroraRule):
    """The storage is not encrypted.

    An RDS instance is encrypted only with StorageEncrypted true. A new Aurora cluster is always encrypted since
    2026-02-18, by default with a key that AWS owns, so only a written false is reported. Security Hub RDS.3 and RDS.27,
    checkov CKV_AWS_16 and CKV_AWS_96.
    """

    id = "W9022"
    fix = "set StorageEncrypted to true"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html"
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found = cluster.get("StorageEncrypted")
            if found.flag is False:
                yield at(found, f"StorageEncrypted is false for {cluster.resource.name}", _CLUSTER)
        for instance in single_instances(world):
            found = instance.get("StorageEncrypted")
            restored = not instance.get("DBSnapshotIdentifier").absent
            if found.flag is False:
                yield at(found, f"the storage of {instance.name} is not encrypted", _INSTANCE)
            elif found.absent and not restored:
                yield on(instance, f"the storage of {instance.name} is not encrypted", _INSTANCE)
