from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER
from aurora_cfn.lint.found import Found
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class CapacityRange(AuroraRule):
    """Serverless v2 capacity is out of its range or its steps.

    Capacities are multiples of 0.5 ACU from 0 to 256; MaxCapacity is at least 1 and not below MinCapacity.
    """

    id = "E9005"
    fix = "use steps of 0.5, MinCapacity from 0, MaxCapacity from 1 to 256, and MinCapacity <= MaxCapacity"
    source_url = (
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html"
    )
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in world.resources(CLUSTER):
            least = cluster.get("ServerlessV2ScalingConfiguration", "MinCapacity")
            most = cluster.get("ServerlessV2ScalingConfiguration", "MaxCapacity")
            yield from _bounds(least, "MinCapacity", 0)
            yield from _bounds(most, "MaxCapacity", 1)
            # Two parameters cannot be compared in a template: only the values that are given count.
            if not world.change and least.number is not None and most.number is not None and least.number > most.number:
                yield at(least, f"MinCapacity {least.number:g} is over MaxCapacity {most.number:g}")


def _bounds(found: Found, name: str, lowest: float) -> Iterator[Problem]:
    if found.number is None:
        if found.text is not None and not found.text.startswith("{{resolve:"):
            yield at(found, f"{name} {found.text!r} is not a number")
    elif not lowest <= found.number <= 256:
        yield at(found, f"{name} {found.number:g} is not between {lowest:g} and 256")
    elif (found.number * 2) % 1:
        yield at(found, f"{name} {found.number:g} is not a multiple of 0.5")
