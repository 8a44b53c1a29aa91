"""Connections without TLS are allowed by name."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class TlsNotForced(AuroraRule):
    """Connections without TLS are allowed by name."""

    id = "W9033"
    shortdesc = "Connections without TLS are allowed by name"
    description = "rds.force_ssl 0 and require_secure_transport OFF let passwords and data cross the network readable."
    fix = "set rds.force_ssl to 1 (PostgreSQL) or require_secure_transport to ON (MySQL)"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for group in world.resources("AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBParameterGroup"):
            for name in ("rds.force_ssl", "require_secure_transport"):
                found = group.get("Parameters", name)
                if (found.text or "").upper() in {"0", "OFF", "FALSE"}:
                    yield at(found, f"{name} is {found.text}")
