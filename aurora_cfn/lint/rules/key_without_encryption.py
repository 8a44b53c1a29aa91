from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class KeyWithoutEncryption(AuroraRule):
    """A KMS key without StorageEncrypted.

    RDS refuses KmsKeyId for a new cluster whose storage is not encrypted.
    """

    id = "E9022"
    fix = "set StorageEncrypted to true"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            key, encrypted = cluster.get("KmsKeyId"), cluster.get("StorageEncrypted")
            missing = encrypted.flag is False or (encrypted.absent and not cluster.is_copy)
            if missing and key.given:
                yield at(key, "KmsKeyId is given, but StorageEncrypted is not true")
