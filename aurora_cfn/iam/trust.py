"""Who may take a role: the trust policies of the caller's role in GitHub Actions and of a service role."""

from __future__ import annotations

from typing import Any, Final

from aurora_cfn.iam.document import document
from aurora_cfn.iam.scope import Scope

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
