"""Objects in S3: the code of functions."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import AwsError

ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
OURS = frozenset({"BucketAlreadyOwnedByYou", "BucketAlreadyExists"})
EVERYWHERE = "us-east-1"
"""The region that CreateBucket must not be told (API reference of S3, 2026-11)."""


class S3Objects:
    """The port Objects on S3."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first call."""
        self._session = session

    def exists(self, bucket: str, key: str, *, owner: str | None = None) -> bool:
        """Whether the bucket has the object. Raises AwsError when there is no such bucket or no permission."""
        try:
            with translated("HeadObject"):
                self._session.client("s3").head_object(Bucket=bucket, Key=key, **_owned(owner))
        except AwsError as error:
            if error.code in ABSENT:
                return False
            raise _where(error, bucket) from error
        return True

    def put(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> None:
        """Write the object; S3 checks the hash of what arrives."""
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        try:
            with translated("PutObject"):
                self._session.client("s3").put_object(
                    Bucket=bucket,
                    Key=key,
                    Body=data,
                    ContentType="application/zip",
                    ChecksumSHA256=digest,
                    **_owned(owner),
                )
        except AwsError as error:
            raise _where(error, bucket) from error

    def make_bucket(self, bucket: str) -> None:
        """Make the bucket, unless it is ours already."""
        client = self._session.client("s3")
        region = client.meta.region_name
        place: dict[str, Any] = {} if region == EVERYWHERE else {"LocationConstraint": region}
        given = {"CreateBucketConfiguration": place} if place else {}
        try:
            with translated("CreateBucket"):
                client.create_bucket(Bucket=bucket, **given)
        except AwsError as error:
            if error.code not in OURS:
                raise


def _owned(owner: str | None) -> dict[str, str]:
    return {"ExpectedBucketOwner": owner} if owner else {}


def _where(error: AwsError, bucket: str) -> AwsError:
    """The same error with the bucket in it: S3 answers a question about an object without saying much."""
    remedy = {
        "NoSuchBucket": "there is no such bucket; make it or name another as `bucket:` in the params file",
        "403": "no access; the caller needs s3:GetObject, s3:PutObject and s3:ListBucket, and the bucket must belong"
        " to the account of the params file",
        "AccessDenied": "no access; the caller needs s3:GetObject, s3:PutObject and s3:ListBucket, and the bucket must"
        " belong to the account of the params file",
        "301": "the bucket is in another region",
        "PermanentRedirect": "the bucket is in another region",
    }.get(error.code)
    text = f"bucket {bucket}: {remedy} ({error.operation}: {error.code})" if remedy else f"bucket {bucket}: {error}"
    return AwsError(text, operation=error.operation, code=error.code)
