from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.engine_versions import known_versions, may_be_newer, written_versions
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class UnknownVersion(AuroraRule):
    """An engine version that does not exist.

    RDS refuses the database: Cannot find version. cfn-lint reports a version that is written in place (E3690, E3691);
    this rule those that come from a parameter, a mapping or the environment.
    """

    id = "E9037"
    fix = "name a version that RDS offers: aws rds describe-db-engine-versions --engine ENGINE"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for row in written_versions(world):
            known = known_versions(row.kind, row.engine)
            missing = known and row.text not in known and not may_be_newer(row.kind, row.engine, row.text)
            if missing and not row.literal:
                yield at(row.found, f"{row.engine} has no version {row.text}")
