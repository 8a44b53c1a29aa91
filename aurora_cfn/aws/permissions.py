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
    "rds:DescribeDBClusterSnapshots",
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
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "ssm:DescribeParameters",
    "ssm:GetParameters",
    "sts:GetCallerIdentity",
)
_CODE = ("s3:CreateBucket", "s3:HeadObject", "s3:PutObject")
_DATA_API = (
    "rds-data:BeginTransaction",
    "rds-data:CommitTransaction",
    "rds-data:ExecuteStatement",
    "rds-data:RollbackTransaction",
)
_WATCH = (
    "cloudformation:CancelUpdateStack",
    "cloudformation:DescribeStackEvents",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeEvents",
)
"""Following an operation, cancelling it, and asking RDS while it is silent."""
_SAFETY = ("cloudformation:GetStackPolicy", "cloudformation:SetStackPolicy")
"""The stack policy of a protected environment."""
_STAKES = ("cloudwatch:GetMetricStatistics", "rds:DescribeDBSnapshots")
"""How much a database holds that a change endangers, and how old its newest copy is."""
CALLS: Mapping[str, tuple[str, ...]] = {
    "deploy": (
        *STACKS,
        *_EXECUTION,
        *_INPUTS,
        *_CODE,
        *_WATCH,
        *_PREFLIGHT,
        *_SAFETY,
        *_STAKES,
        "rds-data:ExecuteStatement",
    ),
    "status": (*STACKS, *_INPUTS, "cloudformation:DescribeChangeSet", "cloudformation:GetTemplate"),
    "diff": (*STACKS, *_CHANGE_SET, *_INPUTS),
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
    "package": _CODE,
    "vpn": (*STACKS, "acm:ImportCertificate", "ec2:ExportClientVpnClientConfiguration"),
    "cost": ("pricing:GetProducts",),
    "facts": ("pricing:GetProducts", "rds:DescribeDBEngineVersions", "rds:DescribeDBMajorEngineVersions"),
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
    "s3:HeadObject": ("s3:GetObject", "s3:ListBucket"),
}
"""What a call needs beside its own action (service authorization references of the services, read 2026-11)."""

NO_ACTIONS = frozenset({"s3:HeadObject", "cloudcontrol:GetResource"})
"""Calls that have no action of their own name."""

LOCAL = frozenset({"s3:CreateBucket"})
"""Calls that only the emulator gets."""

FREE = frozenset({"sts:GetCallerIdentity"})
"""Calls for which nobody needs a permission."""

ON_BEHALF: Mapping[str, tuple[str, ...]] = {
    "deploy": ("create", "read", "update", "delete"),
    "destroy": ("read", "delete"),
    "recover": ("read", "update", "delete"),
    "drift": ("read", "update"),
    "import": ("read",),
}
"""Handlers of the resource types that CloudFormation runs with the caller's permissions when it is given no role."""


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


def needed(command: str) -> tuple[str, ...]:
    """The IAM actions of a command's own calls, sorted; empty for a command that makes none."""
    calls = CALLS.get(command, ())
    return tuple(sorted({*calls, *_implied(calls)} - FREE - LOCAL - NO_ACTIONS))


def _implied(calls: Iterable[str]) -> Iterable[str]:
    return (action for call in calls for action in IMPLIED.get(call, ()))
