"""Rules about Serverless v2: capacity, and what keeps a cluster from pausing."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.versions import first_with, supports
from aurora_cfn.lint.databases import Cluster, aurora_clusters
from aurora_cfn.lint.found import Found
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.variant import Variant
from aurora_cfn.model.resource_types import CLUSTER, SERVERLESS


class ServerlessNeedsCapacity(AuroraRule):
    """A db.serverless instance needs its cluster's ServerlessV2ScalingConfiguration.

    A cluster must have a ServerlessV2ScalingConfiguration before an instance of class db.serverless can be added to it.
    """

    id = "E9003"
    fix = "give the cluster ServerlessV2ScalingConfiguration with MinCapacity and MaxCapacity"
    page = "aurora-serverless-v2.requirements"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            if cluster.get("ServerlessV2ScalingConfiguration").absent:
                for instance in cluster.instances():
                    if instance.certain and instance.get("DBInstanceClass").text == SERVERLESS:
                        found = instance.get("DBInstanceClass")
                        yield at(found, f"{cluster.resource.name} has no ServerlessV2ScalingConfiguration")


class ServerlessNeedsVersion(AuroraRule):
    """db.serverless needs an engine version with Serverless v2.

    Serverless v2 came with certain minor versions; an instance of class db.serverless is refused on older ones.
    """

    id = "E9051"
    fix = "raise EngineVersion"
    page = "aurora-serverless-v2.how-it-works"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            version = cluster.version
            if version is None or supports(version, "serverless-v2", variant.offered) is not False:
                continue
            for instance in cluster.instances():
                found = instance.get("DBInstanceClass")
                if found.text == SERVERLESS and instance.certain:
                    first = first_with(cluster.engine, "serverless-v2")
                    yield at(found, f"{version.short} has no Serverless v2, {first} and newer have")


class CapacityRange(AuroraRule):
    """Serverless v2 capacity is out of its range or its steps.

    Capacities are multiples of 0.5 ACU from 0 to 256; MaxCapacity is at least 1 and not below MinCapacity.
    """

    id = "E9005"
    fix = "use steps of 0.5, MinCapacity from 0, MaxCapacity from 1 to 256, and MinCapacity <= MaxCapacity"
    page = "aurora-serverless-v2.setting-capacity"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in variant.resources(CLUSTER):
            least = cluster.get("ServerlessV2ScalingConfiguration", "MinCapacity")
            most = cluster.get("ServerlessV2ScalingConfiguration", "MaxCapacity")
            yield from _bounds(least, "MinCapacity", 0)
            yield from _bounds(most, "MaxCapacity", 1)
            # Two parameters cannot be compared in a template: only the values that are given count.
            if (
                not variant.change
                and least.number is not None
                and most.number is not None
                and least.number > most.number
            ):
                yield at(least, f"MinCapacity {least.number:g} is over MaxCapacity {most.number:g}")


def _bounds(found: Found, name: str, lowest: float) -> Iterator[Problem]:
    if found.number is None:
        if found.known_text is not None:
            yield at(found, f"{name} {found.text!r} is not a number")
    elif not lowest <= found.number <= 256:
        yield at(found, f"{name} {found.number:g} is not between {lowest:g} and 256")
    elif (found.number * 2) % 1:
        yield at(found, f"{name} {found.number:g} is not a multiple of 0.5")


class PausePrevented(AuroraRule):
    """A global database, a zero-ETL integration or a provisioned instance keeps a cluster from pausing.

    Members of a global database, sources of a zero-ETL integration and clusters with a provisioned instance never pause
    in spite of MinCapacity 0.
    """

    id = "W9011"
    fix = "take it out of the cluster, or set MinCapacity over 0"
    page = "aurora-serverless-v2-auto-pause"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            if cluster.pauses:
                for reason in _reasons(cluster):
                    least = cluster.get("ServerlessV2ScalingConfiguration", "MinCapacity")
                    yield at(least, f"{cluster.resource.name} never pauses because of {reason}")


def _reasons(cluster: Cluster) -> Iterator[str]:
    if cluster.get("GlobalClusterIdentifier").text or cluster.get("GlobalClusterIdentifier").reference:
        yield "its global database"
    for row in cluster.variant.resources("AWS::RDS::GlobalCluster", "AWS::RDS::Integration"):
        source = row.get("SourceDBClusterIdentifier" if row.type.endswith("GlobalCluster") else "SourceArn")
        if row.certain and source.reference and source.reference.logical_id == cluster.resource.name:
            yield row.name
    for row in cluster.instances():
        kind = row.get("DBInstanceClass").text
        if row.certain and kind and kind != SERVERLESS:
            yield f"the provisioned instance {row.name}"


class PauseWithProxy(AuroraRule):
    """A cluster behind RDS Proxy never pauses.

    RDS Proxy keeps a connection open to every instance, so a cluster with MinCapacity 0 never pauses and is billed all
    the time; no event reports it.
    """

    id = "W9009"
    fix = "leave the proxy out, or set MinCapacity to the capacity that the cluster keeps"
    page = "aurora-serverless-v2-auto-pause"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for cluster in aurora_clusters(variant):
            for target in cluster.proxy_targets():
                if cluster.pauses and target.certain:
                    least = cluster.get("ServerlessV2ScalingConfiguration", "MinCapacity")
                    yield at(least, f"{cluster.resource.name} never pauses: {target.name} keeps connections open to it")
