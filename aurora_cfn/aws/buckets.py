"""Buckets in S3: where they are, making one, protecting it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import FORBIDDEN, NO_BUCKET_POLICY, NO_BUCKET_TAGS, NO_OBJECT, AwsError

OURS = "BucketAlreadyOwnedByYou"
EVERYWHERE = "us-east-1"
"""The region that CreateBucket must not be told (API reference of S3, 2026-11)."""
NO_ACLS = "BucketOwnerEnforced"
SID = "TlsOnly"
_NO_ACCESS = (
    "no access; the caller needs s3:GetObject, s3:PutObject and s3:ListBucket, with a KMS key of the bucket's own"
    " kms:GenerateDataKey and kms:Decrypt too, and the bucket must belong to the account of the params file, which can"
    " name another one as `bucket:`"
)
_ELSEWHERE = "the bucket is in another region"
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
_SILENT = frozenset({"HeadBucket", "HeadObject"})
"""Operations whose refusals say nothing, as an answer to HEAD has no body: the remedy is all there is to tell."""
_SHORT = "Access Denied"
"""What S3 says where it tells no more."""


class S3Buckets:
    """The port Buckets on S3."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first call."""
        self._session = session

    def bucket_region(self, bucket: str, *, owner: str | None = None) -> str | None:
        """The region that the bucket is in, None when there is no such bucket.

        Raises AwsError when it belongs to another account or may not be looked at.
        """
        client = self._session.client("s3")
        try:
            with translated("HeadBucket"):
                told = client.head_bucket(Bucket=bucket, **owned(owner))
        except AwsError as error:
            if error.code in NO_OBJECT:
                return None
            raise about_bucket(error, bucket) from error
        return str(told.get("BucketRegion") or client.meta.region_name)

    def bucket_tags(self, bucket: str, *, owner: str | None = None) -> Mapping[str, str]:
        """Its tags. Raises AwsError when they may not be read."""
        try:
            with translated("GetBucketTagging"):
                told = self._session.client("s3").get_bucket_tagging(Bucket=bucket, **owned(owner))
        except AwsError as error:
            if error.code == NO_BUCKET_TAGS:
                return {}
            raise about_bucket(error, bucket) from error
        return {row["Key"]: row["Value"] for row in told["TagSet"]}

    def make_bucket(self, bucket: str) -> str:
        """Make the bucket, unless the caller has it already; the region that it is in.

        Raises AwsError, when another account has a bucket of that name too.
        """
        client = self._session.client("s3")
        region = str(client.meta.region_name)
        place = {} if region == EVERYWHERE else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        try:
            with translated("CreateBucket"):
                client.create_bucket(Bucket=bucket, ObjectOwnership=NO_ACLS, **place)
        except AwsError as error:
            if error.code != OURS:
                raise about_bucket(error, bucket) from error
        return region

    def protect_bucket(self, bucket: str, *, tags: Mapping[str, str], owner: str | None = None) -> None:
        """No public access, no ACLs, encrypted, versioned, TLS only; the tags last, as a sign that all of it is done.

        Each can be set again; `tags` replace those of the bucket, statements of others in its policy stay. Raises
        AwsError with the operation.
        """
        client = self._session.client("s3")
        where = {"Bucket": bucket, **owned(owner)}
        calls: tuple[tuple[str, Any, dict[str, Any]], ...] = (
            ("PutPublicAccessBlock", client.put_public_access_block, _PRIVATE),
            ("PutBucketOwnershipControls", client.put_bucket_ownership_controls, _OWNERSHIP),
            ("PutBucketEncryption", client.put_bucket_encryption, _ENCRYPTION),
            ("PutBucketVersioning", client.put_bucket_versioning, _VERSIONING),
            ("PutBucketPolicy", client.put_bucket_policy, {"Policy": self._policy(bucket, where)}),
            ("PutBucketTagging", client.put_bucket_tagging, {"Tagging": {"TagSet": _tag_set(tags)}}),
        )
        for operation, call, given in calls:
            try:
                with translated(operation):
                    call(**where, **given)
            except AwsError as error:
                raise about_bucket(error, bucket) from error

    def object_url(self, bucket: str, key: str, region: str) -> str:
        """The address under which CloudFormation finds the object: path-style and of the bucket's region.

        Behind an address that is not AWS's own it is below that address.
        """
        called = str(self._session.client("s3").meta.endpoint_url).rstrip("/")
        aws = self._session.public_endpoint("s3", region)
        suffix = aws.rpartition(f".{region}.")[2]
        base = aws if (urlsplit(called).hostname or "").endswith(f".{suffix}") else called
        return f"{base}/{bucket}/{quote(key)}"

    def _policy(self, bucket: str, where: Mapping[str, Any]) -> str:
        """The bucket's policy as it should be: what others wrote, and that nothing goes without TLS."""
        client = self._session.client("s3")
        try:
            with translated("GetBucketPolicy"):
                found = json.loads(client.get_bucket_policy(**where)["Policy"])
        except AwsError as error:
            if error.code != NO_BUCKET_POLICY:
                raise about_bucket(error, bucket) from error
            found = {"Version": "2012-10-17", "Statement": []}
        rows = found["Statement"] if isinstance(found["Statement"], list) else [found["Statement"]]
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
_ENCRYPTION: dict[str, Any] = {
    "ServerSideEncryptionConfiguration": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}],
    }
}
_VERSIONING: dict[str, Any] = {"VersioningConfiguration": {"Status": "Enabled"}}


def owned(owner: str | None) -> dict[str, str]:
    """What a call is told so that S3 refuses a bucket of anybody else."""
    return {"ExpectedBucketOwner": owner} if owner else {}


def about_bucket(error: AwsError, bucket: str) -> AwsError:
    """The same error with the bucket in it and what to do, where S3's own words do not say it."""
    silent = error.operation in _SILENT or (error.operation == "PutObject" and _SHORT in str(error))
    known = silent or not (error.denied or error.code == FORBIDDEN)
    remedy = _REMEDIES.get(error.code) if known else None
    text = f"bucket {bucket}: {remedy} ({error.operation}: {error.code})" if remedy else f"bucket {bucket}: {error}"
    if error.code.startswith("KMS.") or " kms:" in str(error):
        text = f"{text}: {_NO_KEY}"
    return AwsError(text, operation=error.operation, code=error.code)


def _tls_only(arn: str) -> dict[str, Any]:
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    where = [arn, f"{arn}/*"]
    return {"Sid": SID, "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": where, "Condition": insecure}


def _tag_set(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
