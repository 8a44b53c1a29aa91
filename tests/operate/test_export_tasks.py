"""Exports to S3: what is refused before RDS is asked, where they write, and the list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.model.export_task import Export, ExportTask
from aurora_cfn.model.rds_database import DatabaseSnapshot
from aurora_cfn.operate.export_tasks import bucket_and_prefix, check, listed, task_name

NOW = datetime(2026, 11, 28, 14, 2, 11, tzinfo=UTC)
ARN = "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:launch"
SNAPSHOT = DatabaseSnapshot("launch", ARN, "orders", "available", created=NOW)
EXPORT = Export("t", "lake", "a/b", "arn:aws:iam::123456789012:role/export", "alias/lake", ("shop.public.orders", "x"))


@dataclass
class Keys:
    """The port EncryptionKeys with one answer."""

    answer: bool | None = False

    def made_by_aws(self, key: str) -> bool | None:
        return self.answer


@pytest.mark.parametrize(
    ("to", "parts"),
    [
        ("s3://lake", ("lake", "")),
        ("s3://lake/", ("lake", "")),
        ("s3://lake/a/b/", ("lake", "a/b")),
        ("lake/a", None),
        ("s3://L", None),
        ("s3://lake/a:b", None),
    ],
)
def test_a_place_in_s3(to: str, parts: tuple[str, str] | None) -> None:
    if parts:
        assert bucket_and_prefix(to) == parts
        return
    with pytest.raises(InputError, match=r"no place in S3|no colon"):
        bucket_and_prefix(to)


def test_where_it_writes_and_what_a_task_is_called() -> None:
    assert EXPORT.place == "s3://lake/a/b/t"
    assert replace(EXPORT, prefix="").place == "s3://lake/t"
    assert task_name(SNAPSHOT, NOW) == "launch-20261128-140211"
    automated = replace(SNAPSHOT, identifier=f"rds:{'orders-' * 20}")
    assert len(task_name(automated, NOW)) <= 60
    assert task_name(automated, NOW).startswith("orders-")


@pytest.mark.parametrize(
    ("snapshot", "export", "by_aws", "said"),
    [
        (SNAPSHOT, EXPORT, False, ""),
        # Who may not read the key has RDS's answer.
        (SNAPSHOT, EXPORT, None, ""),
        (replace(SNAPSHOT, status="creating"), EXPORT, False, "is creating: it cannot be exported yet"),
        (SNAPSHOT, replace(EXPORT, role="export"), False, "export is not the ARN of a role"),
        (SNAPSHOT, replace(EXPORT, role="arn:aws:iam::210987654321:role/x"), False, "a role of another account"),
        (SNAPSHOT, replace(EXPORT, key=""), False, "--kms-key is empty"),
        (SNAPSHOT, EXPORT, True, "an export needs a key of your own"),
        (SNAPSHOT, replace(EXPORT, key="alias/aws/s3"), False, "an export needs a key of your own"),
        (SNAPSHOT, replace(EXPORT, only=("a.b.c.d",)), False, "--only a.b.c.d: RDS takes DATABASE, "),
        (SNAPSHOT, replace(EXPORT, only=("my table",)), False, "--only my table"),
    ],
)
def test_what_rds_would_refuse(snapshot: DatabaseSnapshot, export: Export, by_aws: bool | None, said: str) -> None:
    if not said:
        check(snapshot, export, Keys(by_aws))
        return
    with pytest.raises(InputError, match=said):
        check(snapshot, export, Keys(by_aws))


def test_the_exports_of_our_snapshots_newest_first() -> None:
    old = ExportTask("old", "arn:cluster-snapshot:a", "COMPLETE", 100, 12, NOW, NOW, "s3://lake/old", warning="w")
    new = ExportTask("new", "arn:cluster-snapshot:a", "STARTING", failure="f", warning="w")
    theirs = replace(old, identifier="theirs", source="arn:cluster-snapshot:b")
    assert listed([old, theirs, new], {"arn:cluster-snapshot:a"}).rows == (
        ("new", "a", "starting", 0, 0, None, None, "", "f"),
        ("old", "a", "complete", 100, 12, "2026-11-28 14:02:11Z", "2026-11-28 14:02:11Z", "s3://lake/old", "w"),
    )


@pytest.mark.parametrize(
    ("to", "named"), [("lake/a", False), ("s3://", False), ("s3://b/x", True), ("s3://Lake/x", True)]
)
def test_the_name_of_a_bucket_is_explained_where_only_that_is_wrong(to: str, named: bool) -> None:
    with pytest.raises(InputError) as caught:
        bucket_and_prefix(to)
    assert ("the name of a bucket has 3 to 63" in str(caught.value)) is named
