from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import PROXY
from aurora_cfn.lint.iam import ROLE, role_statements
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class ProxyRoleWide(AuroraRule):
    """The role of the proxy reads every secret of the account.

    A role that may read all secrets gives access to all secrets of the account through the proxy.
    """

    id = "W9042"
    fix = "name the secret's ARN as the resource"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-setup.html"
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for proxy in world.resources(PROXY):
            role = world.target(proxy.get("RoleArn"))
            for row in role_statements(role) or () if role and role.type == ROLE else ():
                if row.actions is not None and row.allows("secretsmanager:GetSecretValue"):
                    wide = (found for found in row.resources if found.text == "*")
                    yield from (at(found, f"{role.name if role else ''} may read every secret") for found in wide)
