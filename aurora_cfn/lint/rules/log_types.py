from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

# botocore 1.44.5, service model of RDS, CreateDBCluster (2026-11).
_LOGS: Final[Mapping[str, frozenset[str]]] = {
    "aurora-postgresql": frozenset({"iam-db-auth-error", "instance", "postgresql"}),
    "aurora-mysql": frozenset({"audit", "error", "general", "iam-db-auth-error", "instance", "slowquery"}),
}


class LogTypes(AuroraRule):
    """A log that the engine does not have cannot be exported.

    Aurora PostgreSQL exports instance, postgresql and iam-db-auth-error; Aurora MySQL audit, error, general, instance,
    slowquery and iam-db-auth-error.
    """

    id = "E9028"
    fix = "name only logs of the engine in EnableCloudwatchLogsExports"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            for found in cluster.resource.items("EnableCloudwatchLogsExports") or ():
                if found.text is not None and found.text not in _LOGS[cluster.engine]:
                    yield at(found, f"{cluster.engine} has no log {found.text!r}")
