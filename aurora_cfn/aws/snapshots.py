"""Snapshots, their keys and exports to S3, on botocore; RDS has each call twice, for clusters and for instances."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aurora_cfn.aws.clock import utc
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row, tag_rows
from aurora_cfn.aws.rds import automated_backups, cluster_snapshot, instance_snapshot
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import DENIED, NO_KEY
from aurora_cfn.model.export_task import Export, ExportTask, place
from aurora_cfn.model.rds_database import AutomatedBackups, DatabaseSnapshot, EventSource

RESTORE = "restore"
"""The attribute of a snapshot that lists the accounts which may copy and restore it."""
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AwsSnapshotArchive:
    """The port SnapshotArchive, and the automated backups that deleted clusters left."""

    session: Session

    def snapshots_of(self, database: str, *, kind: EventSource) -> Sequence[DatabaseSnapshot]:
        if kind == "db-instance":
            asked = {"DBInstanceIdentifier": database} if database else {}
            found = every_row(self.session.rds, "describe_db_snapshots", "DBSnapshots", instance_snapshot, **asked)
        else:
            method, key = "describe_db_cluster_snapshots", "DBClusterSnapshots"
            asked = {"DBClusterIdentifier": database} if database else {}
            found = every_row(self.session.rds, method, key, cluster_snapshot, **asked)
        # One that is being taken has no time yet: it is the newest.
        return sorted(found, key=lambda row: (row.status == "creating", row.created or EARLIEST))

    def kept_backups(self) -> Sequence[AutomatedBackups]:
        """The automated backups of deleted clusters in the region, those that reach furthest last."""
        method, key = "describe_db_cluster_automated_backups", "DBClusterAutomatedBackups"
        retained = {"Name": "status", "Values": ["retained"]}
        found = every_row(self.session.rds, method, key, automated_backups, Filters=[retained])
        return sorted(found, key=lambda row: row.restorable_to or EARLIEST)

    def share_snapshot(
        self, name: str, *, kind: EventSource, add: Collection[str] = (), remove: Collection[str] = ()
    ) -> Sequence[str]:
        values: dict[str, Any] = {"AttributeName": RESTORE}
        values |= {"ValuesToAdd": list(add)} if add else {}
        values |= {"ValuesToRemove": list(remove)} if remove else {}
        if kind == "db-instance":
            with translated("ModifyDBSnapshotAttribute"):
                answer = self.session.rds.modify_db_snapshot_attribute(DBSnapshotIdentifier=name, **values)
                return _accounts(answer["DBSnapshotAttributesResult"], "DBSnapshotAttributes")
        with translated("ModifyDBClusterSnapshotAttribute"):
            found = self.session.rds.modify_db_cluster_snapshot_attribute(DBClusterSnapshotIdentifier=name, **values)
            return _accounts(found["DBClusterSnapshotAttributesResult"], "DBClusterSnapshotAttributes")

    def copy_snapshot(
        self, source: DatabaseSnapshot, name: str, *, tags: Mapping[str, str], key: str = ""
    ) -> DatabaseSnapshot:
        # The source by ARN: RDS takes no other name for one that another account shares (CopyDBSnapshot).
        more: dict[str, Any] = {"Tags": tag_rows(tags)}
        more |= {"KmsKeyId": key} if key else {}
        if source.kind == "db-instance":
            with translated("CopyDBSnapshot"):
                answer = self.session.rds.copy_db_snapshot(
                    SourceDBSnapshotIdentifier=source.arn, TargetDBSnapshotIdentifier=name, **more
                )
                return instance_snapshot(answer["DBSnapshot"])
        with translated("CopyDBClusterSnapshot"):
            made = self.session.rds.copy_db_cluster_snapshot(
                SourceDBClusterSnapshotIdentifier=source.arn, TargetDBClusterSnapshotIdentifier=name, **more
            )
            return cluster_snapshot(made["DBClusterSnapshot"])

    def delete_snapshot(self, name: str, *, kind: EventSource) -> None:
        if kind == "db-instance":
            with translated("DeleteDBSnapshot"):
                self.session.rds.delete_db_snapshot(DBSnapshotIdentifier=name)
            return
        with translated("DeleteDBClusterSnapshot"):
            self.session.rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=name)


def _accounts(result: Mapping[str, Any], label: str) -> Sequence[str]:
    rows = result.get(label, ())
    return sorted(
        {value for row in rows if row["AttributeName"] == RESTORE for value in row.get("AttributeValues", ())}
    )


@dataclass(frozen=True, slots=True)
class AwsExports:
    """Exports that RDS runs by itself, one account and region together."""

    session: Session

    def start(self, snapshot: DatabaseSnapshot, export: Export) -> ExportTask:
        """The task, which was begun. Raises AwsError where RDS refuses it."""
        more: dict[str, Any] = {"S3Prefix": export.prefix} if export.prefix else {}
        more |= {"ExportOnly": list(export.only)} if export.only else {}
        with translated("StartExportTask"):
            answer = self.session.rds.start_export_task(
                ExportTaskIdentifier=export.task, SourceArn=snapshot.arn, S3BucketName=export.bucket,
                IamRoleArn=export.role, KmsKeyId=export.key, **more,
            )  # fmt: skip
        return _task(answer)

    def tasks(self) -> Sequence[ExportTask]:
        """All that RDS still knows."""
        return every_row(self.session.rds, "describe_export_tasks", "ExportTasks", _task)


def _task(row: Any) -> ExportTask:
    identifier = row.get("ExportTaskIdentifier", "")
    return ExportTask(
        identifier,
        row.get("SourceArn", ""),
        row.get("Status", ""),
        row.get("PercentProgress", 0),
        row.get("TotalExtractedDataInGB", 0),
        utc(row.get("TaskStartTime")),
        utc(row.get("TaskEndTime")),
        place(row.get("S3Bucket", ""), row.get("S3Prefix") or "", identifier),
        row.get("FailureCause") or "",
        row.get("WarningMessage") or "",
    )


@dataclass(frozen=True, slots=True)
class AwsKeys:
    """The port EncryptionKeys."""

    session: Session

    def made_by_aws(self, key: str) -> bool | None:
        """Whether AWS manages the key; None where the caller may not read it, or it is gone."""
        with translated("DescribeKey", absent={*DENIED, NO_KEY}):
            found = self.session.client("kms").describe_key(KeyId=key)["KeyMetadata"]
            return bool(found.get("KeyManager") == "AWS")
        return None
