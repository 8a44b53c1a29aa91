from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import PROXY
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ProxyExposure(AuroraRule):
    """The proxy takes connections without TLS, or logs SQL.

    Without RequireTLS passwords may be sent unencrypted (Security Hub RDS.43); DebugLogging writes the text of SQL
    statements to the log.
    """

    id = "W9041"
    fix = "set RequireTLS to true and DebugLogging to false"
    source_url = "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for proxy in world.resources(PROXY):
            tls, logging = proxy.get("RequireTLS"), proxy.get("DebugLogging")
            if tls.absent or tls.flag is False:
                place = proxy.path if tls.absent else tls.path
                yield Problem(place, f"{proxy.name} takes connections without TLS", "set RequireTLS to true")
            if logging.flag is True:
                yield at(logging, f"{proxy.name} logs the text of SQL statements", "set DebugLogging to false")
