from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import Cluster, aurora_clusters
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
            # An instance whose cluster is not known may belong to this one.
            if not (cluster.instances() or cluster.has_unclear_instances() or _is_exempt(cluster)):
                yield on(cluster.resource, f"the cluster {cluster.resource.name} has no instance")


def _is_exempt(cluster: Cluster) -> bool:
    """Whether the cluster needs no instance of this template, or may get it elsewhere."""
    sharded = any(row.refers_to(cluster.resource) for row in cluster.world.resources("AWS::RDS::DBShardGroup"))
    makes_its_own = cluster.is_express or cluster.is_limitless or sharded
    is_serverless_v1 = cluster.get("EngineMode").text == "serverless"
    uncertain = cluster.is_copy or not cluster.resource.certain
    return makes_its_own or is_serverless_v1 or uncertain or is_named_outside(cluster.world, cluster.resource.name)
