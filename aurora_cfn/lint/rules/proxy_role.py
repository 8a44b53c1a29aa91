"""The role of the proxy cannot read the secret."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.policies import ROLE, role_statements
from aurora_cfn.lint.proxies import PROXY
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World, step


class ProxyRole(AuroraRule):
    """The role of the proxy cannot read the secret."""

    id = "E9042"
    shortdesc = "The role of the proxy cannot read the secret"
    description = (
        "RDS Proxy reads the secrets named under Auth with its role; without secretsmanager:GetSecretValue "
        "its target stays UNAVAILABLE with AUTH_FAILURE."
    )
    fix = "allow secretsmanager:GetSecretValue on the secret in the role"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-setup.html"

    def look(self, world: World) -> Iterator[Problem]:
        for proxy in world.resources(PROXY):
            role = world.target(proxy.get("RoleArn"))
            uses_secret = any(not step(row, "SecretArn", world).absent for row in proxy.items("Auth") or ())
            rows = role_statements(role) if role and role.type == ROLE else None
            if (
                uses_secret
                and rows is not None
                and not any(row.allows("secretsmanager:GetSecretValue") for row in rows)
            ):
                yield at(
                    proxy.get("RoleArn"), f"{role.name if role else ''} does not allow secretsmanager:GetSecretValue"
                )
