"""Where a service finds its database without knowing the stack: SSM parameters named after the service."""

from __future__ import annotations

from typing import Any

from troposphere import AWSObject, Sub
from troposphere.ssm import Parameter as SsmParameter

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.parts.conditions import given
from aurora_cfn.parameters import Parameter


def published_group(kind: str) -> ParameterGroup:
    """ServiceName."""
    row = Parameter(
        "ServiceName",
        f"Service that uses the database. When given, its credentials and {kind} ARNs are published as the SSM"
        " parameters <ServiceName>-<EnvironmentName>-credentials-arn and -resource-arn.",
        default="", pattern="^$|^[A-Za-z][A-Za-z0-9_.-]{0,99}$",
        constraint="empty, or letters, digits, dots, underscores and hyphens, starting with a letter",
    )  # fmt: skip
    return ParameterGroup((row,), conditions={"HasService": given("ServiceName")})


def published(secret_arn: Any, what: str, arn: Any) -> list[AWSObject]:
    """The two SSM parameters; `what` describes the second, `Cluster, for the Data API`."""
    secret = f"Secret that opens the {what.split(',')[0].lower()}"
    return [
        _parameter("CredentialsArnParameter", "credentials-arn", secret, secret_arn),
        _parameter("ResourceArnParameter", "resource-arn", what, arn),
    ]


def _parameter(title: str, suffix: str, description: str, value: Any) -> SsmParameter:
    name = Sub("${ServiceName}-${EnvironmentName}-" + suffix)
    return SsmParameter(title, Condition="HasService", Name=name, Description=description, Type="String", Value=value)
