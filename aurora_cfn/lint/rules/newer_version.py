from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.engine_versions import known_versions, may_be_newer, written_versions
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class NewerVersion(AuroraRule):
    """An engine version that is newer than the versions known here.

    It may exist: RDS publishes about four minor versions of each major in a year. What it supports is not checked.
    """

    id = "I9037"
    fix = "check that RDS offers it: aws rds describe-db-engine-versions --engine ENGINE"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html"
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for row in written_versions(world):
            known = known_versions(row.kind, row.engine)
            if known and row.text not in known and may_be_newer(row.kind, row.engine, row.text):
                yield at(row.found, f"{row.engine} {row.text} is newer than the versions known here")
