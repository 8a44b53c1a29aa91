from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.engine_versions import withdrawn_versions, written_versions
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class WithdrawnVersion(AuroraRule):
    """An engine version that RDS no longer offers for a new database.

    cfn-lint warns of a version that is written in place (W3690, W3691); this rule of those that come from a parameter,
    a mapping or the environment.
    """

    id = "W9063"
    fix = "raise EngineVersion to one that RDS offers: aws rds describe-db-engine-versions --engine ENGINE"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html"
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for row in written_versions(world):
            if row.text in withdrawn_versions(row.kind, row.engine) and not row.literal:
                yield at(row.found, f"{row.engine} {row.text} is no longer offered for a new database")
