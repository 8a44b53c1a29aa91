"""Rules about RDS Proxy: its values, its role, its target group and its access to the database."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts import read_facts
from aurora_cfn.lint.databases import TARGETS, aurora_clusters, databases_behind, engines_behind
from aurora_cfn.lint.found import Found
from aurora_cfn.lint.iam import role_statements
from aurora_cfn.lint.network import ingress_of, security_groups
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.variant import Resource, Variant, step
from aurora_cfn.model.rds_database import IDENTIFIER
from aurora_cfn.model.resource_types import PROXY, ROLE

_NAME = "start with a letter, continue with letters, digits and single hyphens, and do not end with a hyphen"


class ProxyFamily(AuroraRule):
    """RDS Proxy values that RDS refuses.

    EngineFamily is that of the database behind the proxy; the name has letters, digits and single hyphens; Auth is
    needed unless DefaultAuthScheme is IAM_AUTH; IAMAuth ENABLED is for SQL Server.
    """

    id = "E9040"
    fix = "set EngineFamily to the engine's, and give Auth with IAMAuth REQUIRED or DISABLED"
    page = "API_CreateDBProxy"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for proxy in variant.resources(PROXY):
            name, family = proxy.get("DBProxyName"), proxy.get("EngineFamily")
            if name.known_text is not None and not IDENTIFIER.fullmatch(name.known_text):
                yield at(name, f"{name.text!r} cannot be the name of a proxy", _NAME)
            for engine in engines_behind(proxy):
                wanted = read_facts("rule_tables")["proxy_families"].get(engine)
                if family.known_text and wanted and family.known_text != wanted:
                    message = f"EngineFamily {family.text} does not fit {engine}, which is {wanted}"
                    yield at(family, message, f"set EngineFamily to {wanted}")
            yield from _authentication(proxy)


def _authentication(proxy: Resource) -> Iterator[Problem]:
    scheme, rows = proxy.get("DefaultAuthScheme"), proxy.items("Auth")
    if rows == () and (scheme.absent or scheme.text == "NONE"):
        message = f"{proxy.name} has no Auth, and DefaultAuthScheme is NONE"
        yield on(proxy, message, "name a secret in Auth, or set DefaultAuthScheme to IAM_AUTH")
    for row in rows or ():
        found = step(row, "IAMAuth", proxy.variant)
        if found.text == "ENABLED" and proxy.get("EngineFamily").text in {"MYSQL", "POSTGRESQL"}:
            yield at(found, "IAMAuth ENABLED is for SQL Server only", "set IAMAuth to REQUIRED or DISABLED")


_ON = {"secretsmanager:GetSecretValue": "the secret", "kms:Decrypt": "the key of the secret"}


class ProxyRole(AuroraRule):
    """The role of the proxy cannot read the secret.

    RDS Proxy reads the secrets named under Auth with its role; without secretsmanager:GetSecretValue its target stays
    UNAVAILABLE with AUTH_FAILURE.
    """

    id = "E9042"
    fix = "allow secretsmanager:GetSecretValue on the secret, and kms:Decrypt on its own key, in the role"
    page = "rds-proxy-setup"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for proxy in variant.resources(PROXY):
            role, secrets = variant.target(proxy.get("RoleArn")), proxy.items("Auth") or ()
            rows = role_statements(role) if role and role.type == ROLE else None
            if role is None or rows is None:
                continue  # what the role allows is not known
            needs_secret = any(not step(row, "SecretArn", variant).absent for row in secrets)
            wanted = ["secretsmanager:GetSecretValue"] if needs_secret else []
            wanted += ["kms:Decrypt"] if any(_has_own_key(row, variant) for row in secrets) else []
            for action in wanted:
                if not any(row.allows(action) for row in rows):
                    message = f"{role.name} does not allow {action}"
                    yield at(proxy.get("RoleArn"), message, f"allow it on {_ON[action]} in a policy of the role")


def _has_own_key(row: Found, variant: Variant) -> bool:
    """Whether the secret of the template is encrypted with a key of one's own, which the role must be able to use."""
    secret = variant.target(step(row, "SecretArn", variant))
    key = secret.get("KmsKeyId") if secret and secret.type == "AWS::SecretsManager::Secret" else None
    return key is not None and key.given and key.text not in {"", "alias/aws/secretsmanager"}


class ProxyRoleWide(AuroraRule):
    """The role of the proxy reads every secret of the account.

    A role that may read all secrets gives access to all secrets of the account through the proxy.
    """

    id = "W9042"
    fix = "name the secret's ARN as the resource"
    page = "rds-proxy-setup"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        for proxy in variant.resources(PROXY):
            role = variant.target(proxy.get("RoleArn"))
            if role is None or role.type != ROLE:
                continue
            for row in role_statements(role) or ():
                if row.actions is not None and row.allows("secretsmanager:GetSecretValue"):
                    wide = (found for found in row.resources if found.text == "*")
                    yield from (at(found, f"{role.name} may read every secret") for found in wide)


class ProxyTargetOrder(AuroraRule):
    """The proxy's target group must wait for an instance, and is called default.

    A target group without a running instance behind it fails or stays unhealthy; RDS has one target group a proxy,
    named default.
    """

    id = "E9043"
    fix = "add DependsOn with the writer instance, and set TargetGroupName to default"
    page = "rds-proxy-setup"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for target in variant.resources(TARGETS):
            name = target.get("TargetGroupName")
            if name.text is not None and name.text != "default":
                yield at(name, f"TargetGroupName {name.text!r} is not default", "set it to default")
        for cluster in aurora_clusters(variant):
            instances = {row.name for row in cluster.instances()}
            for target in cluster.proxy_targets():
                if instances and not instances & target.depends_on():
                    message = f"{target.name} does not wait for an instance of {cluster.resource.name}"
                    yield on(target, message, "add DependsOn with the writer instance")


class ProxyIngress(AuroraRule):
    """The proxy cannot reach the database.

    When no ingress rule of the database's security group names the proxy's group or an address range, the proxy's
    target stays UNAVAILABLE.
    """

    id = "W9043"
    fix = "let the proxy's security group into the database's"
    page = "rds-proxy-setup"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for proxy in variant.resources(PROXY):
            mine = security_groups(proxy)
            for database in databases_behind(proxy):
                theirs = security_groups(database)
                if mine and theirs and not any(_lets_in(group, mine) for group in theirs):
                    yield on(proxy, f"the security groups of {database.name} do not let {proxy.name} in")


def _lets_in(group: Resource, clients: tuple[Resource, ...]) -> bool:
    """Whether a rule names one of the clients, an address range, or something that is not known."""
    sources = (step(rule.found, "SourceSecurityGroupId", group.variant).reference for rule in ingress_of(group))
    names = {row.name for row in clients}
    return any(source is None or source.logical_id in names for source in sources)
