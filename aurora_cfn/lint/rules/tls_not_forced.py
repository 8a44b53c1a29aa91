from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class TlsNotForced(AuroraRule):
    """Connections without TLS are allowed by a parameter.

    rds.force_ssl 0 and require_secure_transport OFF let clients send passwords and data unencrypted.
    """

    id = "W9033"
    fix = "set rds.force_ssl to 1 (PostgreSQL) or require_secure_transport to ON (MySQL)"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for group in world.resources("AWS::RDS::DBClusterParameterGroup", "AWS::RDS::DBParameterGroup"):
            for name in ("rds.force_ssl", "require_secure_transport"):
                found = group.get("Parameters", name)
                if (found.text or "").upper() in {"0", "OFF", "FALSE"}:
                    yield at(found, f"{name} is {found.text}")
