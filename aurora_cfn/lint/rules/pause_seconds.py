from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class PauseSeconds(AuroraRule):
    """SecondsUntilAutoPause is out of its range.

    An instance pauses after 300 seconds at least and 86400 at most.
    """

    id = "E9008"
    fix = "use a whole number from 300 to 86400"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in world.resources(CLUSTER):
            found = cluster.get("ServerlessV2ScalingConfiguration", "SecondsUntilAutoPause")
            seconds = found.number
            if seconds is not None and (seconds % 1 or not 300 <= seconds <= 86400):
                yield at(found, f"SecondsUntilAutoPause {seconds:g} is not between 300 and 86400")
