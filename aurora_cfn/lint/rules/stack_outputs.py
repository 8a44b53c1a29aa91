"""Rules about outputs and exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.mentions import mentions
from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.variant import Variant
from aurora_cfn.model.value import member
from aurora_cfn.template.parsed import section_of


class MissingEndpointOutput(AuroraRule):
    """No output holds the endpoint of the cluster.

    Programs need the endpoint; without an output it is copied from the console, and the copy is not updated.
    """

    id = "I9049"
    fix = "add outputs with Endpoint.Address, ReadEndpoint.Address, DBClusterArn and the secret's ARN"
    page = "outputs-section-structure"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        named = {reference.logical_id for reference, _ in mentions(variant) if "Address" in reference.attribute}
        for cluster in aurora_clusters(variant):
            if section_of(variant.template, "Outputs") and cluster.resource.name not in named:
                yield on(cluster.resource, f"no output holds the endpoint of {cluster.resource.name}")


class LiteralExport(AuroraRule):
    """An export with a fixed name.

    Export names are unique in an account and region: a second stack of this template cannot be created.
    """

    id = "W9049"
    fix = "begin the name with ${AWS::StackName}"
    page = "using-cfn-stack-exports"
    every_variant = False
    tags: ClassVar[list[str]] = ["outputs"]

    def look(self, variant: Variant) -> Iterator[Problem]:
        for name, output in section_of(variant.template, "Outputs").items():
            written = member(output, "Export", "Name")
            if isinstance(written, str):
                yield Problem(
                    ("Outputs", name, "Export", "Name"), f"the export {written!r} has the same name in every stack"
                )
