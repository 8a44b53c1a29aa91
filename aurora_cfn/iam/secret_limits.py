"""The secrets of an environment in a policy: those with names of their own, of database roles and of master users."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from aurora_cfn.iam.document import Limit
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.stack_resources import CLUSTER_NAME, INSTANCE_NAME, of_type
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE

READ_SECRET: Final = "secretsmanager:GetSecretValue"
TAG_SECRET: Final = "secretsmanager:TagResource"
ROLE_SECRETS: Final = "aurora-cfn"
"""The beginning of the names of secrets of database roles (`access grant --password`)."""
_SECRET_TAG: Final = "secretsmanager:ResourceTag"
MASTER_SECRETS: Final = (
    (CLUSTER, CLUSTER_NAME, "cluster", "rds!cluster", "primaryDBClusterArn"),
    (INSTANCE, INSTANCE_NAME, "db", "rds!db", "primaryDBInstanceArn"),
)
"""Type and name of a database, the type in its ARN, the beginning of its secret's name, and the tag of the secret."""


def secret_keys(scope: Scope) -> list[str]:
    """The ARNs of the keys that the secrets of master users are encrypted with, where it is not AWS's own key."""
    found = (row.properties.get("MasterUserSecret") for row in of_type(scope.made or (), CLUSTER, INSTANCE))
    keys = {key for row in found if isinstance(row, Mapping) and (key := row.get("KmsKeyId"))}
    return sorted({_key(scope, key) for key in keys if isinstance(key, str)})


def insights_keys(scope: Scope) -> list[str]:
    """The ARNs of the keys that Performance Insights encrypts with, where it is not AWS's own key."""
    # RDS spells the property of an instance differently.
    names = ("PerformanceInsightsKmsKeyId", "PerformanceInsightsKMSKeyId")
    found = (row.properties.get(name) for row in of_type(scope.made or (), CLUSTER, INSTANCE) for name in names)
    return sorted({_key(scope, key) for key in found if isinstance(key, str) and key})


def _key(scope: Scope, key: str) -> str:
    if "alias/" in key:
        return scope.arn("kms", "key/*")  # an alias says nothing about the key's ARN
    return key if key.startswith("arn:") else scope.arn("kms", f"key/{key.removeprefix('key/')}")


def secret_limits(action: str, scope: Scope) -> Iterator[Limit]:
    """The secrets that an action of Secrets Manager is allowed for."""
    creates = action in {"secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", TAG_SECRET}
    if scope.secrets and not creates:
        yield Limit(tuple(scope.secret(name) for name in scope.secrets))
    if scope.roles and (made := tuple(_role_secrets(scope))):
        yield Limit(made)
    if scope.managed and not creates and (scope.roles or action == READ_SECRET):
        yield from master_secrets(scope)


def _role_secrets(scope: Scope) -> Iterator[str]:
    """The secrets of the database roles that the command makes: named after the database, then the role."""
    for kind, key in ((CLUSTER, CLUSTER_NAME), (INSTANCE, INSTANCE_NAME)):
        for name in scope.names(kind, key):
            yield scope.arn("secretsmanager", f"secret:{ROLE_SECRETS}/{name}/*")


def master_secrets(scope: Scope) -> Iterator[Limit]:
    """The secrets that RDS manages for exactly the environment's databases: it tags them with the database's ARN.

    The keys are those of the managed policy AmazonRDSServiceRolePolicy (read 2026-11).
    """
    for kind, key, arn_type, secret, tag in MASTER_SECRETS:
        names = scope.names(kind, key)
        if names:
            arns = [scope.arn("rds", f"{arn_type}:{name}") for name in names]
            # Of a name that CloudFormation makes all is known but its end.
            operator = "StringLike" if any("*" in arn for arn in arns) else "StringEquals"
            tags = {f"{_SECRET_TAG}/aws:rds:{tag}": arns, f"{_SECRET_TAG}/aws:secretsmanager:owningService": "rds"}
            yield Limit((scope.arn("secretsmanager", f"secret:{secret}-*"),), {operator: tags})
