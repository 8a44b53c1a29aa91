from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import TARGETS
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ProxyPinningFilters(AuroraRule):
    """SessionPinningFilters are for MySQL only.

    RDS refuses pinning filters for a proxy of PostgreSQL.
    """

    id = "E9041"
    fix = "leave SessionPinningFilters out"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for target in world.resources(TARGETS):
            found = target.get("ConnectionPoolConfigurationInfo", "SessionPinningFilters")
            proxy = world.target(target.get("DBProxyName"))
            if (
                proxy
                and proxy.get("EngineFamily").text == "POSTGRESQL"
                and isinstance(found.value, list)
                and found.value
            ):
                yield at(found, f"{proxy.name} is a proxy of PostgreSQL")
