"""An export of a snapshot to S3: what is asked for, and the task of RDS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Export:
    """One export that is asked for; `only` are parts such as `shop.public.orders`, all data without any."""

    task: str
    bucket: str
    prefix: str
    role: str
    key: str
    only: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """`s3://bucket/prefix/task`, below which RDS writes."""
        return place(self.bucket, self.prefix, self.task)


@dataclass(frozen=True, slots=True)
class ExportTask:
    """An export to S3; `source` is the ARN of the snapshot, `status` such as STARTING, IN_PROGRESS, COMPLETE, FAILED.

    `place` is where it writes, `s3://bucket/prefix/identifier`; times are UTC, None before they are.
    """

    identifier: str
    source: str
    status: str
    percent: int = 0
    gigabytes: int = 0
    started: datetime | None = None
    ended: datetime | None = None
    place: str = ""
    failure: str = ""
    warning: str = ""


def place(bucket: str, prefix: str, task: str) -> str:
    """`s3://bucket/prefix/task`; `prefix` may be empty."""
    return "/".join(part for part in (f"s3://{bucket}", prefix, task) if part)
