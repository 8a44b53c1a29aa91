"""Whether there is a bucket for what has to be uploaded: code of functions, templates that are too large for a call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aurora_cfn.deploy.preflight.check import SOURCE, Check, Look
from aurora_cfn.deploy.preflight.subject import Whole
from aurora_cfn.deploy.uploads import MARK, UploadBucket
from aurora_cfn.model.finding import Finding, Severity

NAME = "bucket"
ACTIONS = ("s3:ListBucket", "s3:GetBucketTagging")


@dataclass(frozen=True, slots=True)
class StatusCheck:
    """A bucket as it is: its region, None when it is not there, and whether it can be used without asking."""

    region: str | None
    ready: bool


def facts(look: Look, about: Whole) -> StatusCheck | None:
    """How the bucket stands, None when nothing is uploaded."""
    bucket = about.bucket
    if bucket is None:
        return None
    region = look.buckets.bucket_region(bucket.name, owner=bucket.owner)
    if region is None or bucket.given:
        return StatusCheck(region, region is not None)
    return StatusCheck(region, MARK.items() <= look.buckets.bucket_tags(bucket.name, owner=bucket.owner).items())


def findings(about: Whole, found: StatusCheck | None) -> Iterator[Finding]:
    """An error for a bucket that cannot take it, and word of one that a deployment would make."""
    bucket = about.bucket
    if bucket is None or found is None:
        return
    stacks = ", ".join(sorted({*about.with_code, *about.large}))
    if bucket.given and found.region is None:
        what = f"there is no bucket {bucket.name}, which {stacks} would go through: make it, name another one, or"
        yield _told(about, bucket, "error", f"{what} leave the key out to have one made after asking")
    elif bucket.given and about.with_code and found.region != about.environment.region:
        # CreateFunction: a bucket in the same region as the function (API reference of Lambda, read 2026-11).
        what = f"the bucket {bucket.name} is in {found.region}, and functions take code from their own region only"
        yield _told(about, bucket, "error", what)
    elif not found.ready:
        what = f"{stacks} would go through the bucket {bucket.name}, which is made and protected after asking"
        yield _told(about, bucket, "info", what)


def _told(about: Whole, bucket: UploadBucket, severity: Severity, message: str) -> Finding:
    key = "bucket" if bucket.given else ""
    return Finding(NAME, severity, message, about.environment.path, 1, key=key, source=SOURCE)


CHECK = Check(NAME, "the bucket for uploads", ACTIONS, facts, findings)
