"""The actions of `clients` by the tier of the fleet, stacks or databases in a pool, and those of --client."""

from __future__ import annotations

from collections.abc import Iterable

POOL = (
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
    "rds-data:BeginTransaction",
    "rds-data:CommitTransaction",
    "rds-data:ExecuteStatement",
    "rds-data:RollbackTransaction",
    "rds:AddTagsToResource",
    "rds:CreateDBClusterSnapshot",
    "rds:DescribeDBClusterSnapshots",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "secretsmanager:CreateSecret",
    "secretsmanager:DeleteSecret",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:TagResource",
    "ssm:DeleteParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "ssm:PutParameter",
)
"""The actions of `clients` where the fleet is a pool, whose clients have no stacks."""
MAKE_SECRETS = frozenset({"secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:TagResource"})
"""The secrets of the roles in a pool; those of stacks are made by CloudFormation."""

OF_CLIENT = ("cloudformation:DescribeStacks", "ssm:GetParameters", "ssm:GetParametersByPath")
"""What finding the client of `--client` takes; the last one is for the nearest names, and for --region."""
LOGIN_OF_CLIENT = ("secretsmanager:DescribeSecret",)
"""What a login as a client of a pool takes besides."""


def unused_of_clients(actions: Iterable[str], *, pool: bool) -> set[str]:
    """Of these actions those that the fleet has no use for."""
    return set(actions) - set(POOL) if pool else set(MAKE_SECRETS)
