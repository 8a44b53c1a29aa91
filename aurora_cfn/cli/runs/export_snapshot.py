"""`snapshot export` and `snapshot exports`: the data of a snapshot in S3, as Parquet."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.export_tasks import AwsExports
from aurora_cfn.aws.kms import AwsKeys
from aurora_cfn.cli.runs.snapshot import SnapshotRun
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.model.export_task import Export
from aurora_cfn.model.rds_database import DatabaseSnapshot
from aurora_cfn.model.rows import Rows
from aurora_cfn.operate import export_tasks


@dataclass(frozen=True, slots=True)
class ExportRun:
    """The exports of one environment's snapshots."""

    snapshots: SnapshotRun

    def prepare(
        self, name: str, to: str, *, role: str, key: str, only: tuple[str, ...]
    ) -> tuple[DatabaseSnapshot, Export]:
        """The snapshot and the export of it, checked before anything is sent. Raises InputError, GuardError."""
        bucket, prefix = export_tasks.bucket_and_prefix(to)
        found = self.snapshots.ours(name)
        export = Export(export_tasks.task_name(found, SystemClock().now()), bucket, prefix, role, key, only)
        export_tasks.check(found, export, AwsKeys(self.snapshots.access.target.session))
        return found, export

    def start(self, found: DatabaseSnapshot, export: Export) -> str:
        """The name of the task."""
        task = AwsExports(self.snapshots.access.target.session).start(found, export)
        info(f"exporting {found.identifier} to {export.place}; {export_tasks.COST}")
        return task.identifier

    def rows(self) -> Rows:
        """The exports of the environment's snapshots that still exist."""
        tasks = AwsExports(self.snapshots.access.target.session).tasks()
        return export_tasks.listed(tasks, self.snapshots.all_arns() if tasks else ())
