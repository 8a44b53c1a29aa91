from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.refusals import combinations
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


class RefusedCombination(AuroraRule):
    """Properties that AWS refuses together, or one that is missing beside another.

    The CloudFormation schema accepts each of them, so the deployment starts and fails. The page behind each
    combination is the finding's source.
    """

    id = "E9061"
    fix = "leave one of the properties out"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/Welcome.html"
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        return combinations(world, "error")
