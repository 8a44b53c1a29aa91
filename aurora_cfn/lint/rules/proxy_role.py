from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import PROXY
from aurora_cfn.lint.found import Found
from aurora_cfn.lint.iam import ROLE, role_statements
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World, step

_ON = {"secretsmanager:GetSecretValue": "the secret", "kms:Decrypt": "the key of the secret"}


class ProxyRole(AuroraRule):
    """The role of the proxy cannot read the secret.

    RDS Proxy reads the secrets named under Auth with its role; without secretsmanager:GetSecretValue its target stays
    UNAVAILABLE with AUTH_FAILURE.
    """

    id = "E9042"
    fix = "allow secretsmanager:GetSecretValue on the secret, and kms:Decrypt on its own key, in the role"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-setup.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for proxy in world.resources(PROXY):
            role = world.target(proxy.get("RoleArn"))
            uses_secret = any(not step(row, "SecretArn", world).absent for row in proxy.items("Auth") or ())
            rows = role_statements(role) if role and role.type == ROLE else None
            wanted = ["secretsmanager:GetSecretValue"] if uses_secret else []
            wanted += ["kms:Decrypt"] if any(_has_own_key(row, world) for row in proxy.items("Auth") or ()) else []
            for action in wanted if role and rows is not None else []:
                if not any(row.allows(action) for row in rows or ()):
                    message = f"{role.name if role else ''} does not allow {action}"
                    yield at(proxy.get("RoleArn"), message, f"allow it on {_ON[action]} in a policy of the role")


def _has_own_key(row: Found, world: World) -> bool:
    """Whether the secret of the template is encrypted with a key of one's own, which the role must be able to use."""
    secret = world.target(step(row, "SecretArn", world))
    key = secret.get("KmsKeyId") if secret and secret.type == "AWS::SecretsManager::Secret" else None
    return key is not None and key.given and key.text not in {"", "alias/aws/secretsmanager"}
