"""What keeps the data of a database: deletion protection, backups and the encryption key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import Ref

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.parts.conditions import chosen, given, only_if
from aurora_cfn.blueprints.parts.identifier import replaces
from aurora_cfn.parameters import BOOLEAN, Parameter


def protection_group(kind: str, *, fewest_backup_days: int) -> ParameterGroup:
    """DeletionProtection, DBBackupRetentionPeriod and KmsKeyId."""
    without = " 0 keeps none: nothing can be restored." if fewest_backup_days == 0 else ""
    rows = (
        Parameter(
            "DeletionProtection",
            f"Whether RDS refuses to delete the {kind}. Turn it off, deploy, and only then delete the stack.",
            default="true", group="Protection", allowed=BOOLEAN,
        ),
        Parameter(
            "DBBackupRetentionPeriod",
            "Days for which automated backups are kept, and how far back a point-in-time restore reaches." + without,
            default=30, type="Number", group="Protection", low=fewest_backup_days, high=35, step=1,
        ),
        Parameter(
            "KmsKeyId",
            "KMS key (id, ARN or alias) for the storage, the managed secret and Database Insights. Empty: the keys"
            f" that AWS manages. {replaces(kind)}",
            default="", group="Protection",
            pattern="^$|^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:)?(key/|alias/)?[A-Za-z0-9/_-]{1,256}$",
            constraint="empty, or the id, ARN or alias of a KMS key",
        ),
    )  # fmt: skip
    return ParameterGroup(rows, conditions={"HasKmsKey": given("KmsKeyId")})


def kept_backups_group() -> ParameterGroup:
    """DeleteAutomatedBackups of a cluster; DBInstance has the property too, but `restore` brings back clusters only."""
    row = Parameter(
        "DeleteAutomatedBackups",
        "Whether the automated backups are deleted with the cluster. false: they stay for DBBackupRetentionPeriod days,"
        " billed as backup storage, so that a deleted cluster can be restored to any time in them.",
        default="false", group="Protection", allowed=BOOLEAN,
    )  # fmt: skip
    return ParameterGroup((row,), conditions={"KeepsAutomatedBackups": chosen("DeleteAutomatedBackups", "false")})


KEPT_BACKUPS = (
    "Not sent as true, which is RDS's default anyway: RDS refuses it for a cluster with backups of AWS Backup."
)
"""The comment at DeleteAutomatedBackups (guide of AWS Backup, "RDS backups"; terraform-provider-aws#20839)."""


def kept_backups() -> Mapping[str, Any]:
    """The property of a cluster that keeps its automated backups when it is deleted or replaced.

    It does not follow DeletionProtection: that is switched off in the deployment before a deletion, so the backups
    would always be deleted.
    """
    return {"DeleteAutomatedBackups": only_if("KeepsAutomatedBackups", False)}


def protection() -> Mapping[str, Any]:
    """The properties of a database that keep its data and its backups."""
    return {
        "DeletionProtection": Ref("DeletionProtection"),
        "BackupRetentionPeriod": Ref("DBBackupRetentionPeriod"),
    }


def encryption() -> Mapping[str, Any]:
    """The properties of a database that encrypt its storage."""
    return {"StorageEncrypted": True, "KmsKeyId": only_if("HasKmsKey", Ref("KmsKeyId"))}
