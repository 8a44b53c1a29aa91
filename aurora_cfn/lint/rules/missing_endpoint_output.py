from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.mentions import mentions
from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.world import World, section


class MissingEndpointOutput(AuroraRule):
    """No output holds the endpoint of the cluster.

    Programs need the endpoint; without an output it is copied from the console, and the copy is not updated.
    """

    id = "I9049"
    fix = "add outputs with Endpoint.Address, ReadEndpoint.Address, DBClusterArn and the secret's ARN"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        named = {reference.logical_id for reference, _ in mentions(world) if "Address" in reference.attribute}
        for cluster in aurora_clusters(world):
            if section(world.template, "Outputs") and cluster.resource.name not in named:
                yield on(cluster.resource, f"no output holds the endpoint of {cluster.resource.name}")
