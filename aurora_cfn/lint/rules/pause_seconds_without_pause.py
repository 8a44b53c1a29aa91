from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class PauseSecondsWithoutPause(AuroraRule):
    """SecondsUntilAutoPause does nothing while MinCapacity is over 0.

    A cluster pauses only with MinCapacity 0; otherwise the seconds are dropped without a word.
    """

    id = "W9008"
    fix = "set MinCapacity to 0 or leave SecondsUntilAutoPause out"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in world.resources(CLUSTER):
            seconds = cluster.get("ServerlessV2ScalingConfiguration", "SecondsUntilAutoPause")
            least = cluster.get("ServerlessV2ScalingConfiguration", "MinCapacity").number
            if seconds.number is not None and least:
                yield at(seconds, f"with MinCapacity {least:g} the cluster never pauses")
