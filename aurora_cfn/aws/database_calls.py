"""The AWS calls of the commands for one deployed database, as IAM actions: a part of the table in `permissions`."""

from __future__ import annotations

from collections.abc import Mapping

STACKS = ("cloudformation:DescribeStacks",)
FINDING = (
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
    "dsql:GetCluster",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
)
"""Finding the databases of a stack by its resources, where its outputs do not name one."""
_FOUND = (*STACKS, *FINDING)
_DATA_API = (
    "rds-data:BeginTransaction",
    "rds-data:CommitTransaction",
    "rds-data:ExecuteStatement",
    "rds-data:RollbackTransaction",
)
_TUNNEL = ("ssm:StartSession", "ssm:TerminateSession")
"""A tunnel to a database (`--via ssm:TARGET`)."""
_BRANCHES = (
    *_DATA_API,
    "rds:DescribeDBClusterAutomatedBackups",
    "scheduler:CreateSchedule",
    "scheduler:DeleteSchedule",
    "scheduler:GetSchedule",
    "scheduler:UpdateSchedule",
)
"""What a branch needs besides its deployment and deletion: masks and its end."""
_UPGRADES = (
    "cloudwatch:GetMetricData",
    "rds-data:BeginTransaction",
    "rds-data:RollbackTransaction",
    "rds:CreateBlueGreenDeployment",
    "rds:DeleteBlueGreenDeployment",
    "rds:DescribeBlueGreenDeployments",
    "rds:DescribeDBClusterParameters",
    "rds:DescribeDBProxies",
    "rds:DescribeDBProxyTargets",
    "rds:DescribeGlobalClusters",
    "rds:DescribeIntegrations",
    "rds:SwitchoverBlueGreenDeployment",
)
"""What an upgrade needs besides its deployment: checks, and blue/green deployments."""
_CLIENTS = (
    "dsql:UpdateCluster",
    *_DATA_API,
    "rds:DescribeDBClusterAutomatedBackups",
    "rds:ModifyDBCluster",
    "rds:ModifyDBInstance",
    "secretsmanager:CreateSecret",
    "secretsmanager:DeleteSecret",
    "ssm:DeleteParameter",
    "ssm:GetParametersByPath",
    "ssm:PutParameter",
)
"""What a client needs besides the deployment and deletion of its stack: its claim, deletion protection off, and in a
pool its database and its secret."""
BESIDE_DEPLOYMENT: Mapping[str, tuple[str, ...]] = {
    "branch": _BRANCHES,
    "clients": _CLIENTS,
    "upgrade": _UPGRADES,
}
"""Commands that deploy stacks, and what they call besides."""
OF_SCREEN = (*FINDING, "cloudformation:DescribeStackEvents", "cloudwatch:GetMetricData")
"""What `status --watch` reads besides stacks, branches and code."""
DATABASE_CALLS: Mapping[str, tuple[str, ...]] = {
    "sql": (*_FOUND, *_DATA_API, "secretsmanager:GetSecretValue"),
    "logs": (
        *_FOUND,
        "logs:FilterLogEvents",
        "logs:GetQueryResults",
        "logs:StartLiveTail",
        "logs:StartQuery",
        "logs:StopQuery",
        "rds:DescribeDBLogFiles",
        "rds:DownloadDBLogFilePortion",
        "sts:GetCallerIdentity",
    ),
    "inspect": (
        *_FOUND,
        "cloudwatch:GetMetricData",
        "rds-data:BeginTransaction",
        "rds-data:ExecuteStatement",
        "rds-data:RollbackTransaction",
        "secretsmanager:GetSecretValue",
    ),
    "metrics": (*_FOUND, "cloudwatch:GetMetricData", "pi:GetResourceMetrics"),
    "why-awake": (
        *_FOUND,
        "cloudwatch:GetMetricData",
        "logs:FilterLogEvents",
        "rds-data:ExecuteStatement",
        "rds:DescribeDBClusterParameters",
        "rds:DescribeDBProxies",
        "rds:DescribeDBProxyTargets",
        "rds:DescribeEvents",
        "rds:DescribeGlobalClusters",
        "rds:DescribeIntegrations",
        "rds:DescribePendingMaintenanceActions",
        "secretsmanager:GetSecretValue",
    ),
    "access": (
        *_FOUND,
        *_DATA_API,
        "cloudwatch:GetMetricData",
        "rds:DescribeDBProxies",
        "rds:DescribeDBProxyTargets",
        "rds:ModifyDBCluster",
        "rds:ModifyDBInstance",
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:RotateSecret",
    ),
    "snapshot": (
        *_FOUND,
        "kms:DescribeKey",
        "rds:CopyDBClusterSnapshot",
        "rds:CopyDBSnapshot",
        "rds:CreateDBClusterSnapshot",
        "rds:CreateDBSnapshot",
        "rds:DeleteDBClusterSnapshot",
        "rds:DeleteDBSnapshot",
        "rds:DescribeDBClusterAutomatedBackups",
        "rds:DescribeDBClusterSnapshots",
        "rds:DescribeDBSnapshots",
        "rds:DescribeExportTasks",
        "rds:ModifyDBClusterSnapshotAttribute",
        "rds:ModifyDBSnapshotAttribute",
        "rds:StartExportTask",
    ),
    "connect": (*_FOUND, *_TUNNEL, "secretsmanager:GetSecretValue"),
    "tunnel": (*_FOUND, *_TUNNEL),
    "run": (*_FOUND, *_TUNNEL, "secretsmanager:GetSecretValue"),
}
"""The operations that each of these commands can call."""

IMPLIED_IN_RDS: Mapping[str, tuple[str, ...]] = {
    # RDS makes a grant on the key of the copy with the permissions of the caller.
    "rds:CopyDBClusterSnapshot": ("kms:CreateGrant", "rds:AddTagsToResource"),
    "rds:CopyDBSnapshot": ("kms:CreateGrant", "rds:AddTagsToResource"),
    "rds:CreateDBClusterSnapshot": ("rds:AddTagsToResource",),
    "rds:CreateDBSnapshot": ("rds:AddTagsToResource",),
    # The role that writes into the bucket, and a grant on the key of the files (API reference, StartExportTask).
    "rds:StartExportTask": ("iam:PassRole", "kms:CreateGrant"),
    # The green side is made, promoted and deleted with them too.
    "rds:CreateBlueGreenDeployment": (
        "rds:AddTagsToResource", "rds:CreateDBCluster", "rds:CreateDBClusterEndpoint", "rds:CreateDBInstance",
    ),
    "rds:DeleteBlueGreenDeployment": (
        "rds:DeleteDBCluster", "rds:DeleteDBClusterEndpoint", "rds:DeleteDBInstance",
    ),
    "rds:SwitchoverBlueGreenDeployment": ("rds:ModifyDBCluster", "rds:PromoteReadReplicaDBCluster"),
}  # fmt: skip
"""Actions that a call of RDS needs besides its own (Aurora user guide, read 2026-11)."""
