"""Exports of snapshots to S3, on boto3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.clock import utc
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.model.export_task import Export, ExportTask, place
from aurora_cfn.model.rds_database import DatabaseSnapshot


@dataclass(frozen=True, slots=True)
class AwsExports:
    """Exports that RDS runs by itself, one account and region together."""

    session: Session

    def start(self, snapshot: DatabaseSnapshot, export: Export) -> ExportTask:
        """The task, which was begun. Raises AwsError where RDS refuses it."""
        more: dict[str, Any] = {"S3Prefix": export.prefix} if export.prefix else {}
        more |= {"ExportOnly": list(export.only)} if export.only else {}
        with translated("StartExportTask"):
            answer = self.session.client("rds").start_export_task(
                ExportTaskIdentifier=export.task, SourceArn=snapshot.arn, S3BucketName=export.bucket,
                IamRoleArn=export.role, KmsKeyId=export.key, **more,
            )  # fmt: skip
        return _task(answer)

    def tasks(self) -> Sequence[ExportTask]:
        """All that RDS still knows."""
        return every_row(self.session.client("rds"), "describe_export_tasks", "ExportTasks", _task)


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
