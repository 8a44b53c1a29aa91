"""Which resources an action can be limited to (service authorization reference)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WHOLE_ACCOUNT: Final = frozenset(
    {
        "cloudformation:DescribeAccountLimits",
        "cloudformation:DescribeStackDriftDetectionStatus",
        "cloudformation:GetResource",
        "cloudformation:ListExports",
        "cloudformation:ListImports",
        "cloudformation:ListStacks",
        "cloudformation:ValidateTemplate",
        "ssm:DescribeParameters",
    }
)
"""Actions that cannot be limited to a resource (service authorization reference, read 2026-11)."""
SNAPSHOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "rds:AddTagsToResource": ("cluster-snapshot", "snapshot"),
    "rds:CopyDBClusterSnapshot": ("cluster-snapshot",),
    "rds:CopyDBSnapshot": ("snapshot",),
    "rds:CreateDBClusterSnapshot": ("cluster", "cluster-snapshot"),
    "rds:CreateDBSnapshot": ("db", "snapshot"),
    "rds:DeleteDBClusterSnapshot": ("cluster-snapshot",),
    "rds:DeleteDBSnapshot": ("snapshot",),
    "rds:ModifyDBClusterSnapshotAttribute": ("cluster-snapshot",),
    "rds:ModifyDBSnapshotAttribute": ("snapshot",),
    "rds:StartExportTask": ("cluster-snapshot", "snapshot"),
}
CHANGES: Final[Mapping[str, tuple[str, ...]]] = {
    "rds:ModifyDBCluster": ("cluster", "cluster-pg"),
    "rds:ModifyDBInstance": ("db",),
    "rds:RemoveTagsFromResource": ("cluster", "db"),
}
"""Resource types of RDS's writing actions (service authorization reference, read 2026-11).

Only snapshots get tags, but for the commands with `Scope.tags_databases`.
"""
