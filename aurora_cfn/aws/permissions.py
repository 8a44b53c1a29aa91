"""Which calls each command makes, as IAM actions; a test reads the code and holds this table to it, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

STACKS = ("cloudformation:DescribeStacks",)
_CHANGE_SET = (
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeEvents",
    "cloudformation:DescribeStackEvents",
    "cloudformation:GetTemplate",
    "cloudformation:ListChangeSets",
)
"""Making a change set, reading it, and taking it back with the empty stack around it."""
_EXECUTION = (
    *_CHANGE_SET,
    "cloudformation:ExecuteChangeSet",
    "cloudformation:UpdateTerminationProtection",
    "rds:CreateDBClusterSnapshot",
    "rds:CreateDBSnapshot",
    "rds:DescribeDBClusterSnapshots",
    "rds:DescribeDBSnapshots",
)
_INPUTS = ("ssm:GetParameters", "sts:GetCallerIdentity")
_PREFLIGHT = (
    "cloudformation:DescribeAccountLimits",
    "cloudformation:GetTemplate",
    "cloudformation:ListExports",
    "cloudformation:ListImports",
    "cloudformation:ListStackResources",
    "cloudformation:ListStacks",
    "logs:DescribeLogGroups",
    "rds:DescribeAccountAttributes",
    "rds:DescribeDBClusters",
    "rds:DescribeDBEngineVersions",
    "rds:DescribeDBInstances",
    "s3:GetBucketTagging",
    "s3:HeadBucket",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "ssm:DescribeParameters",
    "ssm:GetParameters",
    "sts:GetCallerIdentity",
)
_UPLOADS = (
    "s3:CreateBucket",
    "s3:GetBucketPolicy",
    "s3:GetBucketTagging",
    "s3:HeadBucket",
    "s3:HeadObject",
    "s3:PutBucketEncryption",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketTagging",
    "s3:PutBucketVersioning",
    "s3:PutObject",
    "s3:PutPublicAccessBlock",
    "sts:GetCallerIdentity",
)
"""Making, protecting and filling the bucket for code and for templates that are too large for a call."""
_DATA_API = (
    "rds-data:BeginTransaction",
    "rds-data:CommitTransaction",
    "rds-data:ExecuteStatement",
    "rds-data:RollbackTransaction",
)
_WATCH = (
    "cloudformation:CancelUpdateStack",
    "cloudformation:DescribeEvents",
    "cloudformation:DescribeStackEvents",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeEvents",
)
"""Following an operation, cancelling it, and asking RDS while it is silent."""
_SAFETY = ("cloudformation:GetStackPolicy", "cloudformation:SetStackPolicy")
"""The stack policy of a protected environment."""
_STAKES = ("cloudwatch:GetMetricStatistics",)
"""How much a database holds that a change endangers, and how old its newest copy is."""
CALLS: Mapping[str, tuple[str, ...]] = {
    "deploy": (
        *STACKS,
        *_EXECUTION,
        *_INPUTS,
        *_UPLOADS,
        *_WATCH,
        *_PREFLIGHT,
        *_SAFETY,
        *_STAKES,
        "rds-data:ExecuteStatement",
    ),
    "status": (*STACKS, *_INPUTS, "cloudformation:DescribeChangeSet", "cloudformation:GetTemplate"),
    "diff": (*STACKS, *_CHANGE_SET, *_INPUTS, *_UPLOADS, "cloudformation:ListStackResources"),
    "destroy": (
        *STACKS,
        *_WATCH,
        "cloudformation:DeleteStack",
        "cloudformation:DescribeChangeSet",
        "cloudformation:GetTemplate",
        "cloudformation:ListImports",
        "cloudformation:ListStackResources",
        "sts:GetCallerIdentity",
    ),
    "recover": (
        *STACKS,
        *_WATCH,
        "cloudformation:ContinueUpdateRollback",
        "cloudformation:DeleteStack",
        "cloudformation:DescribeChangeSet",
        "cloudformation:ListStackResources",
        "cloudformation:RollbackStack",
        "cloudformation:UpdateTerminationProtection",
        "sts:GetCallerIdentity",
    ),
    "events": (*STACKS, *_WATCH, "cloudformation:DescribeChangeSet"),
    "doctor": (*STACKS, *_PREFLIGHT),
    "package": _UPLOADS,
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
        *_SAFETY,
        *_EXECUTION,
        *_WATCH,
        "sts:GetCallerIdentity",
        "cloudformation:DescribeStackDriftDetectionStatus",
        "cloudformation:DescribeStackResourceDrifts",
        "cloudformation:DetectStackDrift",
        "cloudformation:ListStackResources",
    ),
    "import": (
        *STACKS,
        *_UPLOADS,
        *_SAFETY,
        *_EXECUTION,
        *_INPUTS,
        *_WATCH,
        "cloudcontrol:GetResource",
        "cloudformation:ListStackResources",
    ),
    "outputs": STACKS,
    "sql": (*STACKS, *_DATA_API),
    "connect": (*STACKS, "secretsmanager:GetSecretValue"),
}
"""The operations that each command can call, as `service:Operation`; a command that is not here calls none."""

IMPLIED: Mapping[str, tuple[str, ...]] = {
    "cloudcontrol:GetResource": ("cloudformation:GetResource",),
    "rds-data:BeginTransaction": ("secretsmanager:GetSecretValue",),
    "rds-data:ExecuteStatement": ("secretsmanager:GetSecretValue",),
    "rds:CreateDBClusterSnapshot": ("rds:AddTagsToResource",),
    "rds:CreateDBSnapshot": ("rds:AddTagsToResource",),
    "s3:HeadBucket": ("s3:ListBucket",),
    "s3:HeadObject": ("s3:GetObject", "s3:ListBucket"),
    "s3:PutBucketEncryption": ("s3:PutEncryptionConfiguration",),
    "s3:PutPublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
}
"""What a call needs beside its own action (service authorization references of the services, read 2026-11).

CloudFormation reads a template from a bucket with the caller's own s3:GetObject, not with that of its role.
"""

NO_ACTIONS = frozenset(
    {
        "cloudcontrol:GetResource",
        "s3:HeadBucket",
        "s3:HeadObject",
        "s3:PutBucketEncryption",
        "s3:PutPublicAccessBlock",
    }
)
"""Calls that have no action of their own name."""

MAKING = frozenset(
    {
        "s3:CreateBucket",
        "s3:GetBucketPolicy",
        "s3:GetBucketTagging",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
    }
)
"""Actions that nobody needs who names a bucket in the params file."""

FREE = frozenset({"sts:GetCallerIdentity"})
"""Calls for which nobody needs a permission."""

ON_BEHALF: Mapping[str, tuple[str, ...]] = {
    "deploy": ("create", "read", "update", "delete"),
    "destroy": ("read", "delete"),
    "recover": ("read", "update", "delete"),
    "drift": ("create", "read", "update"),
    "import": ("read",),
}
"""Handlers of the resource types that CloudFormation runs with the caller's permissions when it is given no role.

Taking drift back makes a resource again that was deleted by hand.
"""

ROLE_TAKERS = frozenset(
    {
        "cloudformation:ContinueUpdateRollback",
        "cloudformation:CreateChangeSet",
        "cloudformation:DeleteStack",
        "cloudformation:RollbackStack",
    }
)
"""Calls that are given the role which CloudFormation shall take."""


def passes_role(command: str) -> bool:
    """Whether the command gives CloudFormation a role where the environment has one."""
    return bool(ROLE_TAKERS & set(CALLS.get(command, ())))


def reads_actuals(command: str) -> bool:
    """Whether Cloud Control runs read handlers in the caller's name, which is asked without a role."""
    return "cloudcontrol:GetResource" in CALLS.get(command, ())


def needed(command: str) -> tuple[str, ...]:
    """The IAM actions of a command's own calls, sorted; empty for a command that makes none."""
    calls = CALLS.get(command, ())
    return tuple(sorted({*calls, *_implied(calls)} - FREE - NO_ACTIONS))


def _implied(calls: Iterable[str]) -> Iterable[str]:
    return (action for call in calls for action in IMPLIED.get(call, ()))
