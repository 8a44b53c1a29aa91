from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.versions import support_ends
from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class VersionEnded(AuroraRule):
    """The engine version is past its support, and Extended Support is declined.

    With EngineLifecycleSupport open-source-rds-extended-support-disabled RDS refuses a major version after the end of
    its standard support.
    """

    id = "E9036"
    fix = "raise EngineVersion, or accept Extended Support and its price"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            version, found = cluster.version, cluster.get("EngineLifecycleSupport")
            end = support_ends(version, world.offered) if version else None
            declined = found.text == "open-source-rds-extended-support-disabled"
            if version and end and declined and self.today() > end:
                yield at(found, f"standard support of {version.short} ended on {end}")
