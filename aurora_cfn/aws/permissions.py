"""The AWS calls of each command, as IAM actions. A test compares this table with the calls in the code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aurora_cfn.aws.database_calls import BESIDE_DEPLOYMENT, DATABASE_CALLS, IMPLIED_IN_RDS, OF_SCREEN, STACKS
from aurora_cfn.aws.deployment_calls import (
    CHANGE_SET,
    DEPLOY,
    DESTROY,
    EXECUTION,
    INPUTS,
    PREFLIGHT,
    SAFETY,
    UPLOADS,
    WATCH,
)
from aurora_cfn.aws.live_calls import DEV, FUNCTION_CODE
from aurora_cfn.aws.stack_set_calls import IMPLIED_IN_SETS, STACK_SETS

CALLS: Mapping[str, tuple[str, ...]] = {
    "deploy": DEPLOY,
    **{name: (*DEPLOY, *more) for name, more in BESIDE_DEPLOYMENT.items()},
    "status": (
        *STACKS,
        *INPUTS,
        *OF_SCREEN,
        "cloudformation:DescribeChangeSet",
        "cloudformation:GetTemplate",
        "cloudformation:ListStackResources",
        *FUNCTION_CODE,
        "scheduler:GetSchedule",
    ),
    "diff": (*STACKS, *CHANGE_SET, *INPUTS, *UPLOADS, "cloudformation:ListStackResources"),
    "adopt": (*STACKS, "cloudformation:GetStackPolicy", "cloudformation:GetTemplate", "sts:GetCallerIdentity"),
    "destroy": DESTROY,
    "recover": (
        *STACKS,
        *WATCH,
        "cloudformation:ContinueUpdateRollback",
        "cloudformation:DeleteStack",
        "cloudformation:DescribeChangeSet",
        "cloudformation:GetTemplate",
        "cloudformation:ListStackResources",
        "cloudformation:RollbackStack",
        "cloudformation:UpdateTerminationProtection",
        "sts:GetCallerIdentity",
    ),
    # The template says which physical ids are made of secrets, and are masked.
    "events": (*STACKS, *WATCH, "cloudformation:DescribeChangeSet", "cloudformation:GetTemplate"),
    "doctor": (*STACKS, *PREFLIGHT, *FUNCTION_CODE),
    "dev": DEV,
    "fleet": (*UPLOADS, *STACK_SETS),
    "package": UPLOADS,
    "vpn": (*STACKS, "acm:ImportCertificate", "ec2:ExportClientVpnClientConfiguration"),
    "cost": ("pricing:GetProducts",),
    "facts": (
        "pricing:GetProducts",
        "rds:DescribeDBEngineVersions",
        "rds:DescribeDBMajorEngineVersions",
        "rds:DescribeEngineDefaultClusterParameters",
        "rds:DescribeEngineDefaultParameters",
    ),
    "drift": (
        *STACKS,
        *SAFETY,
        *EXECUTION,
        *WATCH,
        "sts:GetCallerIdentity",
        "cloudformation:DescribeStackDriftDetectionStatus",
        "cloudformation:DescribeStackResourceDrifts",
        "cloudformation:DetectStackDrift",
        *FUNCTION_CODE,
        "cloudformation:ListStackResources",
    ),
    "import": (
        *STACKS,
        *UPLOADS,
        *SAFETY,
        *EXECUTION,
        *INPUTS,
        *WATCH,
        "cloudcontrol:GetResource",
        "cloudformation:ListStackResources",
    ),
    "refactor": (
        *STACKS,
        *UPLOADS,
        "cloudformation:CancelUpdateStack",
        "cloudformation:CreateStackRefactor",
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeStackRefactor",
        "cloudformation:ExecuteStackRefactor",
        "cloudformation:GetStackPolicy",
        "cloudformation:GetTemplate",
        "cloudformation:ListStackRefactorActions",
        "cloudformation:ListStackRefactors",
        "cloudformation:ListStackResources",
    ),
    "outputs": (*STACKS, "cloudformation:GetTemplate", "cloudformation:ListStackResources"),
    # The old database is not of the environment: its snapshot and its secret are allowed by name.
    "migrate-v1": (*DEPLOY, "rds-data:BeginTransaction", "rds-data:RollbackTransaction"),
    "restore": (
        *DEPLOY,
        *DESTROY,
        "rds-data:BeginTransaction",
        "rds-data:RollbackTransaction",
        "rds:AddTagsToResource",
        "rds:DescribeDBClusterAutomatedBackups",
        "rds:ModifyDBCluster",
        "rds:ModifyDBInstance",
        "rds:RemoveTagsFromResource",
    ),
    **DATABASE_CALLS,
    "permissions": ("sts:GetCallerIdentity",),
}
"""The operations that each command can call, as `service:Operation`; other commands call none."""

IMPLIED: Mapping[str, tuple[str, ...]] = {
    **IMPLIED_IN_RDS,
    **IMPLIED_IN_SETS,
    "cloudcontrol:GetResource": ("cloudformation:GetResource",),
    # The token for a connection is signed without a call; the server checks the permission.
    "dsql:GetCluster": ("dsql:DbConnectAdmin",),
    "rds-data:BeginTransaction": ("secretsmanager:GetSecretValue",),
    "rds-data:ExecuteStatement": ("secretsmanager:GetSecretValue",),
    "s3:HeadBucket": ("s3:ListBucket",),
    "sqs:DeleteMessageBatch": ("sqs:DeleteMessage",),
    # Scheduler takes the role that deletes the branch.
    "scheduler:CreateSchedule": ("iam:PassRole",),
    "s3:HeadObject": ("s3:GetObject", "s3:ListBucket"),
    "s3:PutBucketEncryption": ("s3:PutEncryptionConfiguration",),
    "s3:PutPublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
    # With tags in the call.
    "secretsmanager:CreateSecret": ("secretsmanager:TagResource",),
}
"""Actions that a call needs besides the one of its name (service authorization reference, read 2026-11).

CloudFormation reads a template from a bucket with the caller's own s3:GetObject, not with that of its role.
"""

NO_ACTIONS = frozenset(
    {
        "cloudcontrol:GetResource", "s3:HeadBucket", "s3:HeadObject", "s3:PutBucketEncryption",
        "s3:PutPublicAccessBlock", "sqs:DeleteMessageBatch",
    }
)  # fmt: skip
"""Calls without an action of their name."""

MAKING = frozenset(
    {
        "s3:CreateBucket", "s3:GetBucketPolicy", "s3:GetBucketTagging", "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging",
        "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration",
    }
)  # fmt: skip
"""Actions that are not needed if the params file names a bucket."""

FREE = frozenset({"sts:GetCallerIdentity"})
"""Calls that need no permission."""

ON_BEHALF: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("clients", "deploy", "migrate-v1", "restore", "upgrade"), ("create", "read", "update", "delete")),
    "branch": ("create", "read", "delete"),
    "destroy": ("read", "delete"),
    "recover": ("read", "update", "delete"),
    "drift": ("create", "read", "update"),
    "import": ("read",),
    # The tags that name a resource's stack and logical id are written again, by the update handlers.
    "refactor": ("read", "update"),
}
"""Handlers of resource types that CloudFormation runs with the caller's permissions if it has no role.

`drift --revert` creates resources that were deleted by hand.
"""

ROLE_TAKERS = frozenset(
    {
        "cloudformation:ContinueUpdateRollback",
        "cloudformation:CreateChangeSet",
        "cloudformation:DeleteStack",
        "cloudformation:RollbackStack",
    }
)
"""Calls with a RoleARN argument."""

COPIES: Mapping[str, str] = {"restore": "r*"}
"""Commands that make and change copies of databases, with the pattern for the suffixes of their names."""

READS_MASTER_SECRET = frozenset(
    {
        "access", "branch", "clients", "connect", "deploy", "inspect", "migrate-v1", "restore", "run", "sql",
        "upgrade", "why-awake",
    }
)  # fmt: skip
"""Commands that log in to a database, or run SQL with the Data API, as the master user."""

MAKES_ROLE_SECRETS = frozenset({"access", "clients"})
"""Commands that keep passwords of database roles in secrets."""


def passes_role(command: str) -> bool:
    """Whether the command passes the environment's `role_arn` to CloudFormation."""
    return bool(ROLE_TAKERS & set(CALLS.get(command, ())))


def reads_actuals(command: str) -> bool:
    """Whether the command calls Cloud Control, which runs read handlers with the caller's permissions."""
    return "cloudcontrol:GetResource" in CALLS.get(command, ())


def needed(command: str) -> tuple[str, ...]:
    """The IAM actions of a command's own calls, sorted."""
    calls = CALLS.get(command, ())
    return tuple(sorted({*calls, *_implied(calls)} - FREE - NO_ACTIONS))


def _implied(calls: Iterable[str]) -> Iterable[str]:
    return (action for call in calls for action in IMPLIED.get(call, ()))
