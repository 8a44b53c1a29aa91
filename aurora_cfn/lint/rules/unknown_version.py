from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.engine_versions import KINDS, known_versions, may_be_newer
from aurora_cfn.lint.refusals import is_literal
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
        for resource in world.resources(*KINDS):
            found, kind = resource.get("EngineVersion"), KINDS[resource.type]
            engine, text = (resource.get("Engine").text or "").lower(), found.text or ""
            known = known_versions(kind, engine)
            offered, _ = world.offered.version(engine, text)
            if not text or not known or text in known or offered or "{{resolve:" in text:
                continue
            if not is_literal(resource, found) and not may_be_newer(kind, engine, text):
                yield at(found, f"{engine} has no version {text}")
