from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class DataApiPasswordEncryption(AuroraRule):
    """The Data API of PostgreSQL 14 and newer needs SCRAM passwords.

    With password_encryption md5 the Data API cannot log in to Aurora PostgreSQL 14 and newer.
    """

    id = "W9016"
    fix = "set password_encryption to scram-sha-256 or leave it out"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            found, version = cluster.setting("password_encryption"), cluster.version
            recent = version is not None and cluster.is_postgresql and version.numbers[0] >= 14
            if recent and found and found.text == "md5" and cluster.get("EnableHttpEndpoint").flag is True:
                yield at(found, f"the Data API of {cluster.resource.name} cannot log in with md5 passwords")
