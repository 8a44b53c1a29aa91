"""The check of the bucket: which questions it asks, and what comes of each way in which the bucket may stand."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.deploy.preflight import WholeRun, preflight
from aurora_cfn.deploy.uploads import PROTECTED_TAG, UploadBucket
from aurora_cfn.errors import AwsError
from aurora_cfn.model.finding import Finding
from tests.deploy.preflight.toys import CALLER, FakePorts, environment
from tests.fakes.buckets import FakeBucket

OURS = UploadBucket("aurora-cfn-123456789012-eu-west-1", "params/dev.yaml", CALLER[0])
MINE = UploadBucket("mine", "params/dev.yaml", CALLER[0], given=True)
CODE, LARGE = {"with_code": frozenset({"games"})}, {"large": frozenset({"book"})}


def found(ports: FakePorts, bucket: UploadBucket | None, **more: Any) -> list[Finding]:
    where = more.pop("where", {})
    return preflight(WholeRun(environment(**where), CALLER, (), bucket, **more), ports.ports)


@pytest.mark.parametrize("uploads", [CODE, LARGE])
@pytest.mark.parametrize(
    ("bucket", "there"),
    [(OURS, FakeBucket(tags=dict(PROTECTED_TAG))), (MINE, FakeBucket()), (MINE, FakeBucket(tags={"a": "b"}))],
)
def test_a_bucket_that_can_be_used_is_no_finding(
    bucket: UploadBucket, there: FakeBucket, uploads: dict[str, Any]
) -> None:
    ports = FakePorts()
    ports.buckets.buckets[bucket.name] = there
    assert found(ports, bucket, **uploads) == []
    assert ports.buckets.calls == ["HeadBucket"] + ["GetBucketTagging"] * (not bucket.given)


def test_where_nothing_is_uploaded_nothing_is_asked() -> None:
    ports = FakePorts()
    assert found(ports, None) == []
    assert found(ports, OURS, **CODE, where={"endpoint": "local"}) == []
    assert ports.buckets.calls == []


@pytest.mark.parametrize("there", [{}, {OURS.name: FakeBucket(tags={"Project": "x"})}])
def test_one_that_would_be_made_is_shown(there: dict[str, FakeBucket]) -> None:
    ports = FakePorts()
    ports.buckets.buckets = there
    (row,) = found(ports, OURS, **CODE, **LARGE)
    assert ports.buckets.calls == ["HeadBucket"] + ["GetBucketTagging"] * bool(there), "tags only of what is there"
    assert (row.rule, row.severity, row.path) == ("bucket", "info", "params/dev.yaml")
    assert row.message.startswith(
        f"book, games would be uploaded to the bucket {OURS.name}, which is made and protected"
    )


def test_a_named_one_that_is_not_there_is_an_error() -> None:
    (row,) = found(FakePorts(), MINE, **CODE)
    assert (row.severity, row.key) == ("error", "bucket")
    assert row.message.startswith("there is no bucket mine, and games would be uploaded to it: make it")


@pytest.mark.parametrize(("uploads", "severities"), [(CODE, ["error"]), (LARGE, [])])
def test_functions_take_code_from_their_own_region_only(uploads: dict[str, Any], severities: list[str]) -> None:
    ports = FakePorts()
    ports.buckets.buckets["mine"] = FakeBucket(region="eu-central-1")
    rows = found(ports, MINE, **uploads)
    assert [row.severity for row in rows] == severities
    assert all("the bucket mine is in eu-central-1" in row.message for row in rows)


def test_one_of_another_account_and_a_missing_permission_are_said() -> None:
    ports = FakePorts()
    ports.buckets.buckets[OURS.name] = FakeBucket(owner="999999999999")
    (foreign,) = found(ports, OURS, **CODE)
    assert (foreign.severity, "no access (HeadBucket: 403)" in foreign.message) == ("warning", True)
    ports.buckets.buckets[OURS.name] = FakeBucket()
    ports.buckets.trouble["GetBucketTagging"] = [AwsError("no", operation="GetBucketTagging", code="AccessDenied")]
    (denied,) = found(ports, OURS, **CODE)
    assert denied.message == "could not check the bucket for uploads: needs s3:GetBucketTagging"
