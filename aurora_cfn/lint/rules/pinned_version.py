from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.versions import is_lts
from aurora_cfn.lint.databases import aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class PinnedVersion(AuroraRule):
    """A pinned minor version while AWS installs newer ones.

    AutoMinorVersionUpgrade is on by default. It moves the cluster ahead of the template; the next edit of EngineVersion
    then fails with 'Cannot upgrade from 16.9 to 16.8'.
    """

    id = "W9037"
    fix = "set AutoMinorVersionUpgrade to false on every instance, or name only the major version"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_UpgradeDBInstance.Upgrading.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            version = cluster.version
            for instance in cluster.instances() if version and version.is_pinned else ():
                found = instance.get("AutoMinorVersionUpgrade")
                if instance.certain and version and (found.absent or found.flag is True):
                    place = instance.path if found.absent else found.path
                    kind = "the LTS version" if is_lts(version) else "version"
                    yield Problem(
                        place, f"{cluster.resource.name} pins {kind} {version.short}, {instance.name} upgrades it"
                    )
