"""What is sent to RDS about exports, and what of the answers is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aurora_cfn.aws.snapshots import AwsExports
from aurora_cfn.model.export_task import Export, ExportTask
from aurora_cfn.model.rds_database import DatabaseSnapshot
from tests.aws.stubs import session, stubbed

MADE = datetime(2026, 11, 28, tzinfo=UTC)
SNAPSHOT = DatabaseSnapshot("s", "arn:s", "db", "available")


@pytest.mark.parametrize(
    ("prefix", "only", "more"),
    [("", (), {}), ("p", ("db",), {"S3Prefix": "p", "ExportOnly": ["db"]})],
)
def test_only_what_is_given_is_sent(prefix: str, only: tuple[str, ...], more: dict[str, Any]) -> None:
    place = session()
    sent = {
        "ExportTaskIdentifier": "t", "SourceArn": "arn:s", "S3BucketName": "lake", "IamRoleArn": "arn:role",
        "KmsKeyId": "key", **more,
    }  # fmt: skip
    answer = {"ExportTaskIdentifier": "t", "SourceArn": "arn:s", "Status": "STARTING", "S3Bucket": "lake"}
    with stubbed(place, "rds") as stub:
        stub.add_response("start_export_task", answer, sent)
        task = AwsExports(place).start(SNAPSHOT, Export("t", "lake", prefix, "arn:role", "key", only))
    assert task == ExportTask("t", "arn:s", "STARTING", place="s3://lake/t")


def test_all_pages() -> None:
    place = session()
    row = {
        "ExportTaskIdentifier": "t", "SourceArn": "arn:s", "Status": "FAILED", "PercentProgress": 3, "S3Bucket": "lake",
        "S3Prefix": "p", "TotalExtractedDataInGB": 1, "TaskStartTime": MADE, "TaskEndTime": MADE, "FailureCause": "f",
    }  # fmt: skip
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_export_tasks", {"ExportTasks": [row], "Marker": "m"}, {})
        stub.add_response("describe_export_tasks", {"ExportTasks": [{}]}, {"Marker": "m"})
        found = AwsExports(place).tasks()
    assert found[0] == ExportTask("t", "arn:s", "FAILED", 3, 1, MADE, MADE, "s3://lake/p/t", "f")
    assert found[1].identifier == ""
