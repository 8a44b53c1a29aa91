from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import SERVERLESS, Cluster, aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class PausePrevented(AuroraRule):
    """A global database, a zero-ETL integration or a provisioned instance keeps a cluster from pausing.

    Members of a global database, sources of a zero-ETL integration and clusters with a provisioned instance never pause
    in spite of MinCapacity 0.
    """

    id = "W9011"
    fix = "take it out of the cluster, or set MinCapacity over 0"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            if cluster.pauses:
                for reason in _reasons(cluster):
                    least = cluster.get("ServerlessV2ScalingConfiguration", "MinCapacity")
                    yield at(least, f"{cluster.resource.name} never pauses because of {reason}")


def _reasons(cluster: Cluster) -> Iterator[str]:
    if cluster.get("GlobalClusterIdentifier").text or cluster.get("GlobalClusterIdentifier").reference:
        yield "its global database"
    for row in cluster.world.resources("AWS::RDS::GlobalCluster", "AWS::RDS::Integration"):
        source = row.get("SourceDBClusterIdentifier" if row.type.endswith("GlobalCluster") else "SourceArn")
        if row.certain and source.reference and source.reference.logical_id == cluster.resource.name:
            yield row.name
    for row in cluster.instances():
        kind = row.get("DBInstanceClass").text
        if row.certain and kind and kind != SERVERLESS:
            yield f"the provisioned instance {row.name}"
