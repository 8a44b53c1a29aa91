"""Objects in S3: code of Lambda functions, and templates too large for CreateChangeSet."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from aurora_cfn.aws.buckets import about_bucket, owned
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NO_OBJECT, AwsError

KINDS = {"zip": "application/zip", "yaml": "application/yaml"}
"""Media types by the suffix of a key; that of YAML is from RFC 9512."""


@dataclass(frozen=True, slots=True)
class S3Objects:
    """The port Objects on S3."""

    session: Session

    def holds_object(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> bool:
        """Whether the bucket has the object with these bytes, compared by the SHA-256 that S3 stored at the upload.

        Raises AwsError if the bucket does not exist or may not be read.
        """
        try:
            with translated("HeadObject"):
                answer = self.session.client("s3").head_object(
                    Bucket=bucket, Key=key, ChecksumMode="ENABLED", **owned(owner)
                )
        except AwsError as error:
            if error.code in NO_OBJECT:
                return False
            raise about_bucket(error, bucket) from error
        # Without a checksum it was uploaded by another tool, and is replaced.
        return bool(answer.get("ChecksumSHA256") == _digest(data))

    def put_object(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> None:
        """Upload the object; S3 verifies its SHA-256."""
        try:
            with translated("PutObject"):
                self.session.client("s3").put_object(
                    Bucket=bucket,
                    Key=key,
                    Body=data,
                    ContentType=KINDS[key.rpartition(".")[2]],
                    # Stored with the object, which `holds_object` relies on.
                    ChecksumSHA256=_digest(data),
                    **owned(owner),
                )
        except AwsError as error:
            raise about_bucket(error, bucket) from error


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
