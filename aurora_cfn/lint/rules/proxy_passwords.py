from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import PROXY
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World, step


class ProxyPasswords(AuroraRule):
    """Clients of the proxy log in with passwords.

    With IAMAuth REQUIRED clients bring a short-lived token, and only the proxy has the password.
    """

    id = "I9041"
    fix = "set IAMAuth to REQUIRED"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-setup.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for proxy in world.resources(PROXY):
            for row in proxy.items("Auth") or ():
                found = step(row, "IAMAuth", world)
                if found.absent or found.text == "DISABLED":
                    yield at(row if found.absent else found, f"clients of {proxy.name} log in with passwords")
