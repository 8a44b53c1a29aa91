from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.refusals import combination_rows
from aurora_cfn.lint.refusals import combination_problems
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
        rows = combination_rows()
        for resource in world.resources(*rows):
            for row in rows[resource.type]:
                if row.level == "error":
                    yield from combination_problems(resource, row)
