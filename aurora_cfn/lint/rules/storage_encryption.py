from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class StorageEncryption(AuroraRule):
    """The storage is not encrypted.

    Encryption cannot be turned on later without a new cluster. Security Hub RDS.27, checkov CKV_AWS_96.
    """

    id = "W9022"
    fix = "set StorageEncrypted to true"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found = cluster.get("StorageEncrypted")
            if found.flag is False or (found.absent and not cluster.is_copy):
                place = cluster.resource.path if found.absent else found.path
                yield Problem(place, f"the storage of {cluster.resource.name} is not encrypted")
