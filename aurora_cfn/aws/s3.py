"""Objects in S3: code of Lambda functions, and templates too large for CreateChangeSet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.buckets import about_bucket, of_bucket, owned
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import CONFLICT, NO_OBJECT, TAKEN, AwsError
from aurora_cfn.model.digest import sha256_base64

KINDS = {"zip": "application/zip", "yaml": "application/yaml", "yml": "application/yaml", "json": "application/json"}
"""Media types by the suffix of a key; that of YAML is from RFC 9512."""
ANY_KIND = "binary/octet-stream"
"""What S3 takes where no type is given (PutObject, API reference, 2026-11)."""
_ATTEMPTS = 3
"""S3 answers 409 while another upload to the key runs, and then asks for the call again (S3 User Guide, 2026-11)."""


@dataclass(frozen=True, slots=True)
class S3Objects:
    """The port Objects on S3."""

    session: Session

    def holds_object(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> bool:
        """Whether the bucket has the object with these bytes, compared by the SHA-256 that S3 stored at the upload.

        An object without one, which another tool uploaded, is read. Raises AwsError if the bucket does not exist or
        may not be read.
        """
        answer = self._head_object(bucket, key, owner)
        if answer is None or "ChecksumSHA256" in answer or answer.get("ContentLength") != len(data):
            return answer is not None and answer.get("ChecksumSHA256") == sha256_base64(data)
        return self._read(bucket, key, owner) == data

    def put_object(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> bool:
        """Upload the object unless the key is taken, and whether it was; S3 verifies its SHA-256."""
        for _ in range(_ATTEMPTS):
            try:
                with translated("PutObject"):
                    self.session.client("s3").put_object(
                        Bucket=bucket,
                        Key=key,
                        Body=data,
                        ContentType=KINDS.get(key.rpartition(".")[2], ANY_KIND),
                        # Stored with the object, which `holds_object` relies on.
                        ChecksumSHA256=sha256_base64(data),
                        # The policies of `permissions` allow PutObject with it only: nothing can be written over.
                        IfNoneMatch="*",
                        **owned(owner),
                    )
                return True
            except AwsError as error:
                if error.code in TAKEN:
                    return False
                if error.code != CONFLICT:
                    raise about_bucket(error, bucket) from error
        return False

    def object_sha256(self, bucket: str, key: str) -> str | None:
        """SHA-256 of the object in Base64, None where there is none."""
        answer = self._head_object(bucket, key, None)
        if answer is None:
            return None
        # Of an upload in parts the checksum is one of checksums, with `-` and their number.
        digest = str(answer.get("ChecksumSHA256", ""))
        return digest if digest and "-" not in digest else sha256_base64(self._read(bucket, key, None))

    def _head_object(self, bucket: str, key: str, owner: str | None) -> Mapping[str, Any] | None:
        with of_bucket(bucket, "HeadObject", absent=NO_OBJECT):
            client: Any = self.session.client("s3")
            return dict(client.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED", **owned(owner)))
        return None

    def _read(self, bucket: str, key: str, owner: str | None) -> bytes:
        with of_bucket(bucket, "GetObject"):
            answer = self.session.client("s3").get_object(Bucket=bucket, Key=key, **owned(owner))
            return bytes(answer["Body"].read())
