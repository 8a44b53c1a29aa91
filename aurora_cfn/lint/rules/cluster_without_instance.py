from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.mentions import has_macro, is_named_outside
from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.world import World


class ClusterWithoutInstance(AuroraRule):
    """An Aurora cluster without an instance has no database to connect to.

    A cluster without instances is storage only: no connection succeeds, and the Data API answers
    DatabaseNotFoundException. Restored clusters, members of a global database, Limitless clusters and
    clusters that an export or a nested stack names are not checked.
    """

    id = "E9004"
    fix = "add an AWS::RDS::DBInstance with DBClusterIdentifier of this cluster, class db.serverless for Serverless v2"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.create.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        if has_macro(world):
            return  # it may add the instance
        for cluster in aurora_clusters(world):
            sharded = any(row.refers_to(cluster.resource) for row in world.resources("AWS::RDS::DBShardGroup"))
            headless = cluster.is_copy or cluster.is_limitless or sharded or not cluster.resource.certain
            headless = headless or cluster.is_express or is_named_outside(world, cluster.resource.name)
            v1 = cluster.get("EngineMode").text == "serverless"
            if not (headless or v1 or cluster.instances() or cluster.has_unclear_instances()):
                yield on(cluster.resource, f"the cluster {cluster.resource.name} has no instance")
