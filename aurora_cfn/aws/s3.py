"""Objects in S3: code of Lambda functions, and templates too large for CreateChangeSet."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.aws.buckets import about_bucket, owned
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
        try:
            with translated("HeadObject"):
                answer = self.session.client("s3").head_object(
                    Bucket=bucket, Key=key, ChecksumMode="ENABLED", **owned(owner)
                )
        except AwsError as error:
            if error.code in NO_OBJECT:
                return False
            raise about_bucket(error, bucket) from error
        if "ChecksumSHA256" in answer or answer.get("ContentLength") != len(data):
            return bool(answer.get("ChecksumSHA256") == sha256_base64(data))
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
        try:
            with translated("HeadObject"):
                answer = self.session.client("s3").head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        except AwsError as error:
            if error.code in NO_OBJECT:
                return None
            raise about_bucket(error, bucket) from error
        # Of an upload in parts the checksum is one of checksums, with `-` and their number.
        digest = str(answer.get("ChecksumSHA256", ""))
        return digest if digest and "-" not in digest else sha256_base64(self._read(bucket, key, None))

    def _read(self, bucket: str, key: str, owner: str | None) -> bytes:
        try:
            with translated("GetObject"):
                answer = self.session.client("s3").get_object(Bucket=bucket, Key=key, **owned(owner))
                return bytes(answer["Body"].read())
        except AwsError as error:
            raise about_bucket(error, bucket) from error
