from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.engine_versions import KINDS, known_versions, may_be_newer
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class NewerVersion(AuroraRule):
    """An engine version that is newer than the versions known here.

    It may exist: RDS publishes about four minor versions of each major in a year. What it supports is not checked.
    """

    id = "I9037"
    fix = "see that RDS offers it: aws rds describe-db-engine-versions --engine ENGINE"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html"
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for resource in world.resources(*KINDS):
            found, kind = resource.get("EngineVersion"), KINDS[resource.type]
            engine, text = (resource.get("Engine").text or "").lower(), found.text or ""
            known, (offered, _) = known_versions(kind, engine), world.offered.version(engine, text)
            if text and known and text not in known and not offered and may_be_newer(kind, engine, text):
                yield at(found, f"{engine} {text} is newer than the versions known here")
