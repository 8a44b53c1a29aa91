from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class PauseWithReplication(AuroraRule):
    """Logical replication or the binary log keeps a cluster from pausing.

    With rds.logical_replication or binlog_format on, a cluster with MinCapacity 0 never pauses and is billed all the
    time; no event reports it.
    """

    id = "W9010"
    fix = "turn replication off in the parameter group, or set MinCapacity over 0"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            name, off = ("rds.logical_replication", "0") if cluster.is_postgresql else ("binlog_format", "OFF")
            found = cluster.setting(name)
            if cluster.pauses and found and found.text is not None and found.text.upper() != off:
                yield at(found, f"{name} {found.text} keeps {cluster.resource.name} from pausing")
