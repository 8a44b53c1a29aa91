"""The port Buckets on S3: find, create and protect a bucket."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import tag_rows
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import BUCKET_EXISTS, FORBIDDEN, NO_BUCKET_POLICY, NO_BUCKET_TAGS, NO_OBJECT, AwsError

DEFAULT_REGION = "us-east-1"
"""The region for which CreateBucket refuses a LocationConstraint (API reference of S3, read 2026-11)."""
# ACLs off: only the bucket's policy and IAM decide, and objects belong to the bucket's owner.
NO_ACLS = "BucketOwnerEnforced"
SID = "TlsOnly"
"""Sid of our statement in the bucket policy, by which it is found again."""
_NO_ACCESS = (
    "no access; the caller needs s3:GetObject, s3:PutObject and s3:ListBucket, with a KMS key of the bucket's own"
    " kms:GenerateDataKey and kms:Decrypt too, and the bucket must belong to the account of the params file, which can"
    " name another one as `bucket:`"
)
_ELSEWHERE = "the bucket is in another region"
# By the code of the answer; HEAD calls have only the HTTP status.
_REMEDIES = {
    "NoSuchBucket": "there is no such bucket; make it or name another as `bucket:` in the params file",
    "BucketAlreadyExists": "another account has a bucket of that name; name one of yours as `bucket:` in the params"
    " file",
    FORBIDDEN: _NO_ACCESS,
    "AccessDenied": _NO_ACCESS,
    "301": _ELSEWHERE,
    "PermanentRedirect": _ELSEWHERE,
}
_NO_KEY = (
    "the bucket's KMS key may not be used; the key's policy must allow the caller kms:GenerateDataKey and kms:Decrypt, "
    "or name a bucket without a key of its own as `bucket:` in the params file"
)
_NO_BODY = frozenset({"HeadBucket", "HeadObject"})
"""Operations whose errors have no message: an answer to HEAD has no body. They get the remedy as message."""
_NO_DETAILS = "Access Denied"
"""The whole message of some refusals of S3."""


@dataclass(frozen=True, slots=True)
class S3Buckets:
    """The port Buckets on S3."""

    session: Session

    def bucket_region(self, bucket: str, *, owner: str | None = None) -> str | None:
        """The bucket's region, None if it does not exist.

        Raises AwsError if it belongs to another account or may not be read.
        """
        client = self.session.client("s3")
        with of_bucket(bucket, "HeadBucket", absent=NO_OBJECT):
            answer = client.head_bucket(Bucket=bucket, **owned(owner))
            # Endpoints that imitate S3 may leave BucketRegion out.
            return str(answer.get("BucketRegion") or client.meta.region_name)
        return None

    def bucket_tags(self, bucket: str, *, owner: str | None = None) -> Mapping[str, str]:
        with of_bucket(bucket, "GetBucketTagging", absent={NO_BUCKET_TAGS}):
            answer = self.session.client("s3").get_bucket_tagging(Bucket=bucket, **owned(owner))
            return {row["Key"]: row["Value"] for row in answer.get("TagSet", ())}
        return {}

    def make_bucket(self, bucket: str) -> str:
        client = self.session.client("s3")
        region = str(client.meta.region_name)
        place = {} if region == DEFAULT_REGION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        # Outside of us-east-1 S3 refuses to create a bucket that the caller owns already.
        with of_bucket(bucket, "CreateBucket", absent={BUCKET_EXISTS}):
            client.create_bucket(Bucket=bucket, ObjectOwnership=NO_ACLS, **place)
        return region

    def protect_bucket(self, bucket: str, *, tags: Mapping[str, str], owner: str | None = None) -> None:
        client = self.session.client("s3")
        where = {"Bucket": bucket, **owned(owner)}
        # The tags come last: a bucket that has them is completely protected.
        calls: tuple[tuple[str, Any, dict[str, Any]], ...] = (
            ("PutPublicAccessBlock", client.put_public_access_block, _PRIVATE),
            ("PutBucketOwnershipControls", client.put_bucket_ownership_controls, _OWNERSHIP),
            ("PutBucketEncryption", client.put_bucket_encryption, _ENCRYPTION),
            ("PutBucketVersioning", client.put_bucket_versioning, _VERSIONING),
            ("PutBucketPolicy", client.put_bucket_policy, {"Policy": self._policy(bucket, where)}),
            ("PutBucketTagging", client.put_bucket_tagging, {"Tagging": {"TagSet": tag_rows(tags)}}),
        )
        for operation, call, given in calls:
            with of_bucket(bucket, operation):
                call(**where, **given)

    def object_url(self, bucket: str, key: str, region: str) -> str:
        """The TemplateURL of the object: path-style, in the bucket's region; with --endpoint-url below that address."""
        called = str(self.session.client("s3").meta.endpoint_url).rstrip("/")
        # CloudFormation fetches the template itself, so the address must be one that AWS can reach.
        aws = self.session.public_endpoint("s3", region)
        # amazonaws.com, in China amazonaws.com.cn: an address that ends otherwise is the one of --endpoint-url.
        suffix = aws.rpartition(f".{region}.")[2]
        base = aws if (urlsplit(called).hostname or "").endswith(f".{suffix}") else called
        return f"{base}/{bucket}/{quote(key)}"

    def _policy(self, bucket: str, where: Mapping[str, Any]) -> str:
        """The bucket's policy, with our statement that denies requests without TLS."""
        client = self.session.client("s3")
        found: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}
        with of_bucket(bucket, "GetBucketPolicy", absent={NO_BUCKET_POLICY}):
            found = json.loads(client.get_bucket_policy(**where)["Policy"])
        # IAM accepts a single statement without the list around it.
        rows = found["Statement"] if isinstance(found["Statement"], list) else [found["Statement"]]
        # What an organization has added to the policy stays.
        others = [row for row in rows if row.get("Sid") != SID]
        return json.dumps({**found, "Statement": [*others, _tls_only(f"arn:{client.meta.partition}:s3:::{bucket}")]})


_PRIVATE: dict[str, Any] = {
    "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
}
_OWNERSHIP: dict[str, Any] = {"OwnershipControls": {"Rules": [{"ObjectOwnership": NO_ACLS}]}}
# S3's own key: with one of KMS each reader, CloudFormation's caller among them, would need kms:Decrypt for it.
_ENCRYPTION: dict[str, Any] = {
    "ServerSideEncryptionConfiguration": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}],
    }
}
_VERSIONING: dict[str, Any] = {"VersioningConfiguration": {"Status": "Enabled"}}


def owned(owner: str | None) -> dict[str, str]:
    """Arguments with which S3 refuses a bucket of another account, whose owner could read what is uploaded."""
    return {"ExpectedBucketOwner": owner} if owner else {}


@contextmanager
def of_bucket(bucket: str, operation: str, absent: Collection[str] = ()) -> Iterator[None]:
    """A block as `translated`, whose errors name the bucket."""
    try:
        with translated(operation, absent=absent):
            yield
    except AwsError as error:
        raise about_bucket(error, bucket) from error


def about_bucket(error: AwsError, bucket: str) -> AwsError:
    """The error with the bucket's name, and with what to do where S3's message does not contain it."""
    no_details = error.operation in _NO_BODY or (error.operation == "PutObject" and _NO_DETAILS in str(error))
    # With details, such as the action that a policy denies, AWS's own message is more exact than ours.
    unclear = no_details or not (error.denied or error.code == FORBIDDEN)
    remedy = _REMEDIES.get(error.code) if unclear else None
    text = f"bucket {bucket}: {remedy} ({error.operation}: {error.code})" if remedy else f"bucket {bucket}: {error}"
    # S3 passes on KMS's own codes (KMS.DisabledException), or names the denied action in the message.
    if error.code.startswith("KMS.") or " kms:" in str(error):
        text = f"{text}: {_NO_KEY}"
    return AwsError(text, operation=error.operation, code=error.code)


def _tls_only(arn: str) -> dict[str, Any]:
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    where = [arn, f"{arn}/*"]
    return {"Sid": SID, "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": where, "Condition": insecure}
