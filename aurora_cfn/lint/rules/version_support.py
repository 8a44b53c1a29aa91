from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.versions import NOTICE, minor_ends, support_ends
from aurora_cfn.lint.databases import Cluster, aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class VersionSupport(AuroraRule):
    """The engine version is at the end of its support.

    Past the end of standard support a major version is billed as Extended Support; past its own end a minor version is
    upgraded in a maintenance window, whether wanted or not.
    """

    id = "W9036"
    fix = "raise EngineVersion"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurorapostgresql-release-calendar.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        today = self.today()
        for cluster in aurora_clusters(world):
            version = cluster.version
            if version and not is_refused(cluster):
                for what, end in (
                    ("standard support", support_ends(version, world.offered)),
                    ("this minor version", minor_ends(version)),
                ):
                    if end and today > end - NOTICE:
                        verb = "ended" if today > end else "ends"
                        yield at(cluster.get("EngineVersion"), f"{what} of {version.short} {verb} on {end}")


def is_refused(cluster: Cluster) -> bool:
    """Whether Extended Support is declined, which makes the end of support an error of its own."""
    return cluster.get("EngineLifecycleSupport").text == "open-source-rds-extended-support-disabled"
