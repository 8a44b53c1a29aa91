"""Rules about the instances of a cluster and their classes."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.instance_classes import is_class, is_foreign_to_aurora, sizes_instead
from aurora_cfn.lint.databases import Cluster, aurora_clusters
from aurora_cfn.lint.mentions import has_macro, is_named_outside
from aurora_cfn.lint.refusals import is_literal
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.variant import Resource, Variant
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE, SERVERLESS


class ClusterWithoutInstance(AuroraRule):
    """An Aurora cluster without an instance has no database to connect to.

    A cluster without instances is storage only: no connection succeeds, and the Data API answers
    DatabaseNotFoundException. Restored clusters, members of a global database, Limitless clusters and
    clusters that an export or a nested stack names are not checked.
    """

    id = "E9004"
    fix = "add an AWS::RDS::DBInstance with DBClusterIdentifier of this cluster, class db.serverless for Serverless v2"
    page = "aurora-serverless-v2.create"

    def look(self, variant: Variant) -> Iterator[Problem]:
        if has_macro(variant):
            return  # it may add the instance
        for cluster in aurora_clusters(variant):
            # An instance whose cluster is not known may belong to this one.
            if not (cluster.instances() or cluster.has_unclear_instances() or _is_exempt(cluster)):
                yield on(cluster.resource, f"the cluster {cluster.resource.name} has no instance")


def _is_exempt(cluster: Cluster) -> bool:
    """Whether the cluster needs no instance of this template, or may get it elsewhere."""
    sharded = any(row.refers_to(cluster.resource) for row in cluster.variant.resources("AWS::RDS::DBShardGroup"))
    makes_its_own = cluster.is_express or cluster.is_limitless or sharded
    is_serverless_v1 = cluster.get("EngineMode").text == "serverless"
    uncertain = cluster.is_copy or not cluster.resource.certain
    return makes_its_own or is_serverless_v1 or uncertain or is_named_outside(cluster.variant, cluster.resource.name)


class InstanceClass(AuroraRule):
    """An instance class that does not exist.

    RDS refuses a class that is not of the form db.FAMILY.SIZE, and a size that its family does not have; Aurora has
    fewer sizes, and no general purpose classes. A family that is not known here is not checked. cfn-lint reports a
    class that is written in place.
    """

    id = "E9073"
    fix = "name a class that RDS has in the region"
    page = "Concepts.DBInstanceClass"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for resource in variant.resources(CLUSTER, INSTANCE):
            found = resource.get("DBInstanceClass" if resource.type == INSTANCE else "DBClusterInstanceClass")
            text, engine = found.text or "", (resource.get("Engine").text or "").lower()
            if not text or "{{resolve:" in text or is_literal(resource, found):
                continue
            aurora = engine.startswith("aurora")
            sizes = sizes_instead(text, aurora=aurora)
            if not is_class(text):
                yield at(found, f"{text!r} is no instance class", "name a class such as db.r8g.large")
            elif sizes:
                family = text.rpartition(".")[0]
                owner = "Aurora" if aurora else "RDS"
                yield at(found, f"{owner} has no instance class {text}", f"use a size of {family}: {', '.join(sizes)}")
            elif aurora and is_foreign_to_aurora(text):
                yield at(found, f"Aurora has no instance class {text}", "use a class such as db.r8g.large")


class ReaderTiers(AuroraRule):
    """No reader scales with the writer, so a failover may reach too little capacity.

    Readers of promotion tier 0 and 1 keep the capacity of the writer; those of tier 2 to 15 scale on their own and may
    be far smaller when they take over.
    """

    id = "W9014"
    fix = "give one reader PromotionTier 0 or 1"
    page = "aurora-serverless-v2-administration"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            rows = cluster.instances()
            serverless = all(row.certain and row.get("DBInstanceClass").text == SERVERLESS for row in rows)
            # A cluster that pauses has its readers in tier 2 and above for a reason: there they pause on their own.
            if len(rows) > 1 and serverless and not cluster.pauses and not cluster.has_unclear_instances():
                first, second, *_ = sorted(rows, key=_tier)
                if _tier(first) >= 0 and _tier(second) > 1:
                    message = f"the readers of {cluster.resource.name} start at tier {_tier(second):g}"
                    yield at(second.get("PromotionTier"), message)


def _tier(instance: Resource) -> float:
    """The tier, 1 where none is written (RDS's default), -1 where it is not known."""
    found = instance.get("PromotionTier")
    return 1 if found.absent else -1 if found.number is None else found.number
