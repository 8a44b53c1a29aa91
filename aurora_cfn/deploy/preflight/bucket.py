"""Whether there is a bucket for what has to be uploaded: code of functions, and templates too large for a call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aurora_cfn.deploy.preflight.check import SOURCE, Check, CheckPorts
from aurora_cfn.deploy.preflight.subject import WholeRun
from aurora_cfn.deploy.uploads import PROTECTED_TAG, UploadBucket
from aurora_cfn.model.finding import Finding, Severity

NAME = "bucket"
ACTIONS = ("s3:ListBucket", "s3:GetBucketTagging")


@dataclass(frozen=True, slots=True)
class BucketState:
    """A bucket as it is: its region, None when it does not exist, and whether it can be used without asking."""

    region: str | None
    ready: bool


def facts(ports: CheckPorts, about: WholeRun) -> BucketState | None:
    """The state of the bucket, None when nothing is uploaded."""
    bucket = about.bucket
    if bucket is None:
        return None
    region = ports.buckets.bucket_region(bucket.name, owner=bucket.owner)
    if region is None or bucket.given:
        return BucketState(region, region is not None)
    return BucketState(
        region, PROTECTED_TAG.items() <= ports.buckets.bucket_tags(bucket.name, owner=bucket.owner).items()
    )


def findings(about: WholeRun, found: BucketState | None) -> Iterator[Finding]:
    """An error for a bucket that cannot be used, and a note about one that a deployment would make."""
    bucket = about.bucket
    if bucket is None or found is None:
        return
    stacks = ", ".join(sorted({*about.with_code, *about.large}))
    if bucket.given and found.region is None:
        what = f"there is no bucket {bucket.name}, and {stacks} would be uploaded to it: make it, name another one, or"
        yield _finding(about, bucket, "error", f"{what} leave the key out to have one made after asking")
    elif bucket.given and about.with_code and found.region != about.environment.region:
        # CreateFunction: a bucket in the same region as the function (API reference of Lambda, read 2026-11).
        what = f"the bucket {bucket.name} is in {found.region}, and functions take code from their own region only"
        yield _finding(about, bucket, "error", what)
    elif not found.ready:
        what = f"{stacks} would be uploaded to the bucket {bucket.name}, which is made and protected after asking"
        yield _finding(about, bucket, "info", what)


def _finding(about: WholeRun, bucket: UploadBucket, severity: Severity, message: str) -> Finding:
    key = "bucket" if bucket.given else ""
    return Finding(NAME, severity, message, about.environment.path, 1, key=key, source=SOURCE)


CHECK = Check(NAME, "the bucket for uploads", ACTIONS, facts, findings)
