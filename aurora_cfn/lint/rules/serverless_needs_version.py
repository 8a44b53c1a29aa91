from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.versions import first_with, supports
from aurora_cfn.lint.databases import SERVERLESS, aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ServerlessNeedsVersion(AuroraRule):
    """db.serverless needs an engine version with Serverless v2.

    Serverless v2 came with certain minor versions; an instance of class db.serverless is refused on older ones.
    """

    id = "E9051"
    fix = "raise EngineVersion"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for cluster in aurora_clusters(world):
            version = cluster.version
            for instance in (
                cluster.instances() if version and supports(version, "serverless-v2", world.offered) is False else ()
            ):
                found = instance.get("DBInstanceClass")
                if version and found.text == SERVERLESS and instance.certain:
                    first = first_with(cluster.engine, "serverless-v2")
                    yield at(found, f"{version.short} has no Serverless v2, {first} and newer have")
