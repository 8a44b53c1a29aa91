"""No output says where the cluster is."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.database import aurora_clusters
from aurora_cfn.lint.mentions import mentions
from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.world import World, section


class MissingEndpointOutput(AuroraRule):
    """No output says where the cluster is."""

    id = "I9049"
    shortdesc = "No output says where the cluster is"
    description = "Programs need the endpoint; without an output people copy it from the console, and it goes stale."
    fix = "add outputs with Endpoint.Address, ReadEndpoint.Address, DBClusterArn and the secret's ARN"
    source_url = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        named = {reference.logical_id for reference, _ in mentions(world) if "Address" in reference.attribute}
        for cluster in aurora_clusters(world):
            if section(world.template, "Outputs") and cluster.resource.name not in named:
                yield on(cluster.resource, f"nothing gives the endpoint of {cluster.resource.name} away")
