"""Objects in S3: the code of functions, and templates that are too large for a call."""

from __future__ import annotations

import base64
import hashlib

from aurora_cfn.aws.buckets import about_bucket, owned
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NO_OBJECT, AwsError

KINDS = {"zip": "application/zip", "yaml": "application/yaml"}
"""Media types by the ending of a key; that of YAML is from RFC 9512."""


class S3Objects:
    """The port Objects on S3."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first call."""
        self._session = session

    def holds_object(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> bool:
        """Whether the bucket has the object with exactly these bytes, by the hash that S3 keeps since the upload.

        Raises AwsError when there is no such bucket or no permission.
        """
        try:
            with translated("HeadObject"):
                told = self._session.client("s3").head_object(
                    Bucket=bucket, Key=key, ChecksumMode="ENABLED", **owned(owner)
                )
        except AwsError as error:
            if error.code in NO_OBJECT:
                return False
            raise about_bucket(error, bucket) from error
        return bool(told.get("ChecksumSHA256") == _digest(data))

    def put_object(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> None:
        """Write the object; S3 checks the hash of what arrives."""
        try:
            with translated("PutObject"):
                self._session.client("s3").put_object(
                    Bucket=bucket,
                    Key=key,
                    Body=data,
                    ContentType=KINDS[key.rpartition(".")[2]],
                    ChecksumSHA256=_digest(data),
                    **owned(owner),
                )
        except AwsError as error:
            raise about_bucket(error, bucket) from error


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
