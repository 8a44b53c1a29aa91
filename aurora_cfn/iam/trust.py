"""Trust policies of roles: of the caller's role in GitHub Actions, of a service role, and of a template's roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from aurora_cfn.iam.document import document, listed
from aurora_cfn.iam.scope import Scope
from aurora_cfn.model.resource_types import ROLE
from aurora_cfn.model.value import member
from aurora_cfn.template.resources import Resource

_GITHUB: Final = "token.actions.githubusercontent.com"
"""The OpenID Connect provider of GitHub Actions (GitHub docs, OpenID Connect in AWS, read 2026-11)."""


def github_trust(scope: Scope, subject: str) -> dict[str, Any]:
    """The trust policy of a role that GitHub Actions takes for one subject, such as `repo:a/b:environment:dev`.

    The account needs an identity provider of that name.
    """
    provider = f"arn:{scope.partition}:iam::{scope.account}:oidc-provider/{_GITHUB}"
    claims = {f"{_GITHUB}:aud": "sts.amazonaws.com", f"{_GITHUB}:sub": subject}
    trusted = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": claims},
    }
    return document([trusted])


def service_role_trust(scope: Scope) -> dict[str, Any]:
    """The trust policy of a service role: CloudFormation takes it, for stacks of this account only."""
    trusted = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudformation.amazonaws.com"},
        "Action": "sts:AssumeRole",
        # The CloudFormation guide does not say whether it sends the account here: if it does, it must be this one.
        "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": scope.account}},
    }
    return document([trusted])


def trusted_services(found: Iterable[Resource]) -> Iterator[str]:
    """Service principals in the trust policies of all roles, such as lambda.amazonaws.com; may repeat."""
    for row in found:
        statements = member(row.properties, "AssumeRolePolicyDocument", "Statement") if row.type == ROLE else None
        for statement in listed(statements):
            services = listed(member(statement, "Principal", "Service"))
            yield from (name for name in services if isinstance(name, str))
