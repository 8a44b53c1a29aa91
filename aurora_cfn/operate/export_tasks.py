"""Exports of snapshots to S3 as Parquet: what is refused before RDS is asked, the name of a task, and the list."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from aurora_cfn.deploy.snapshots import identifier_with
from aurora_cfn.errors import InputError
from aurora_cfn.model.export_task import Export, ExportTask
from aurora_cfn.model.rds_database import DatabaseSnapshot
from aurora_cfn.model.rows import Rows
from aurora_cfn.operate.snapshots import listed_time
from aurora_cfn.ports.surroundings import EncryptionKeys

COLUMNS = ("task", "snapshot", "status", "percent", "gb", "started", "ended", "to", "note")
COST = (
    "RDS charges for the size of the whole snapshot, with --only too (usage type Aurora:SnapshotExportToS3 in the "
    "price list), and S3 and KMS for what is written; it takes half an hour or more, and cannot be restored"
)
"""Aurora user guide, "Exporting DB cluster snapshot data to Amazon S3" (read 2026-11)."""
_LONGEST = 40
"""Characters of the snapshot in a task's name: with the time it has fewer than the 60 that RDS takes."""


def task_name(snapshot: DatabaseSnapshot, now: datetime) -> str:
    """`before-launch-20261128-140211`: a task's name cannot be used twice."""
    return identifier_with(snapshot.identifier.removeprefix("rds:")[:_LONGEST], f"-{now:%Y%m%d-%H%M%S}")


def bucket_and_prefix(to: str) -> tuple[str, str]:
    """The two parts of `s3://bucket/prefix`. Raises InputError for anything else."""
    found = re.fullmatch(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*?))?/?", to)
    if found is None:
        what = f"{to} is no place in S3: give s3://BUCKET, or s3://BUCKET/PREFIX"
        # The form is right, so the name of the bucket is not.
        name = "; the name of a bucket has 3 to 63 lower-case letters, digits, dots and hyphens"
        raise InputError(f"{what}{name if re.match('s3://[^/]', to) else ''}")
    prefix = found[2] or ""
    if ":" in prefix:
        raise InputError(f"{to}: RDS takes no colon in the prefix")
    return found[1], prefix


def check(snapshot: DatabaseSnapshot, export: Export, keys: EncryptionKeys) -> None:
    """Raise InputError for what RDS would refuse, or begin and let fail."""
    if snapshot.status != "available":
        raise InputError(f"the snapshot {snapshot.identifier} is {snapshot.status}: it cannot be exported yet")
    if not re.fullmatch(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/.+", export.role):
        raise InputError(f"{export.role} is not the ARN of a role, which ends in :role/NAME")
    account, of_role = snapshot.arn.split(":")[4:5], export.role.split(":")[4]
    # A slice, because a snapshot of the emulator may have no ARN.
    if account not in ([], [of_role]):
        what = f"{export.role} is a role of another account than the snapshot's, {account[0]}"
        raise InputError(f"{what}: a role can be passed within its account only")
    if not export.key:
        raise InputError("--kms-key is empty: give the id, ARN or alias of your key")
    # RDS makes a grant on the key as the caller, which KMS does not allow on its own keys.
    if export.key.startswith("alias/aws/") or keys.made_by_aws(export.key):
        raise InputError(f"{export.key} is a key that AWS manages: an export needs a key of your own")
    wrong = [part for part in export.only if not re.fullmatch(r"[A-Za-z0-9_$]+(\.[A-Za-z0-9_$]+){0,2}", part)]
    if wrong:
        raise InputError(f"--only {wrong[0]}: RDS takes DATABASE, DATABASE.SCHEMA and DATABASE.SCHEMA.TABLE")


def listed(tasks: Iterable[ExportTask], snapshots: Collection[str]) -> Rows:
    """The exports of the snapshots with these ARNs, the newest first."""
    rows = [row for row in tasks if row.source in snapshots]
    # One without a start has not begun: it is the newest.
    rows.sort(key=lambda row: row.started.timestamp() if row.started else float("inf"), reverse=True)
    return Rows.of(COLUMNS, map(_row, rows))


def _row(row: ExportTask) -> tuple[str | int | None, ...]:
    return (
        row.identifier, row.source.partition("snapshot:")[2], row.status.lower(), row.percent, row.gigabytes,
        listed_time(row.started), listed_time(row.ended), row.place, row.failure or row.warning or None,
    )  # fmt: skip
