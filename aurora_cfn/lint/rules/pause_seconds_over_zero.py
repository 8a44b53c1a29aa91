from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class PauseSecondsOverZero(AuroraRule):
    """SecondsUntilAutoPause with a MinCapacity over 0.

    A cluster pauses only with MinCapacity 0, and RDS refuses SecondsUntilAutoPause otherwise.
    """

    id = "E9009"
    fix = "set MinCapacity to 0 or leave SecondsUntilAutoPause out"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html"
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in world.resources(CLUSTER):
            seconds = cluster.get("ServerlessV2ScalingConfiguration", "SecondsUntilAutoPause")
            least = cluster.get("ServerlessV2ScalingConfiguration", "MinCapacity").number
            if seconds.number is not None and least:
                yield at(seconds, f"SecondsUntilAutoPause needs MinCapacity 0, not {least:g}")
