"""S3 over the wire, as much of it as uploads need: buckets of accounts, their settings, objects with their hashes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

SETTINGS = {
    "publicAccessBlock": "PutPublicAccessBlock",
    "ownershipControls": "PutBucketOwnershipControls",
    "encryption": "PutBucketEncryption",
    "versioning": "PutBucketVersioning",
    "policy": "PutBucketPolicy",
    "tagging": "PutBucketTagging",
}
READ = {"policy": "GetBucketPolicy", "tagging": "GetBucketTagging"}
MISSING = {"policy": "NoSuchBucketPolicy", "tagging": "NoSuchTagSet"}
Answer: TypeAlias = tuple[int, Mapping[str, str], str]
"""Status, headers and body."""


@dataclass
class S3:
    """Objects by bucket and key; `owners` names the accounts of buckets that are not everybody's."""

    buckets: dict[str, dict[str, bytes]] = field(default_factory=dict)
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)

    def operation(self, method: str, path: str) -> str:
        """What is asked for."""
        _, key, setting = _split(path)
        if method == "PUT" and not key:
            return SETTINGS.get(setting, "CreateBucket")
        if method == "GET":
            return READ[setting] if setting else "GetObject"
        return {"HEAD": "Head", "PUT": "Put"}[method] + ("Object" if key else "Bucket")

    def answer(self, operation: str, path: str, headers: Mapping[str, str], data: bytes) -> Answer:
        """The answer to it."""
        bucket, key, setting = _split(path)
        if operation in self.refusals:
            return _error(403, self.refusals.pop(operation))
        expected = headers.get("x-amz-expected-bucket-owner")
        if expected and bucket in self.buckets and self.owners.get(bucket, expected) != expected:
            return _error(403, "AccessDenied")
        if operation == "CreateBucket":
            if bucket in self.owners:
                return _error(409, "BucketAlreadyExists")
            if bucket in self.buckets:
                return _error(409, "BucketAlreadyOwnedByYou")
            self.buckets[bucket] = {}
            return 200, {}, ""
        if bucket not in self.buckets:
            return _error(404, "NoSuchBucket")
        if setting:
            return self._setting(operation, bucket, setting, data)
        return self._object(operation, bucket, key, headers, data) if key else (200, {}, "")

    def read(self, url: str) -> str:
        """What CloudFormation finds at the address."""
        bucket, key, _ = _split(urlsplit(url).path)
        return self.buckets[bucket][key].decode()

    def _setting(self, operation: str, bucket: str, setting: str, data: bytes) -> Answer:
        kept = self.settings.setdefault(bucket, {})
        if operation in SETTINGS.values():
            kept[setting] = data.decode()
            return 200, {}, ""
        return (200, {}, kept[setting]) if setting in kept else _error(404, MISSING[setting])

    def _object(self, operation: str, bucket: str, key: str, headers: Mapping[str, str], data: bytes) -> Answer:
        held = self.buckets[bucket]
        if operation == "HeadObject":
            return (200, {"x-amz-checksum-sha256": _digest(held[key])}, "") if key in held else _error(404, "NoSuchKey")
        if operation == "GetObject":
            return 200, {}, held[key].decode()
        if headers.get("x-amz-checksum-sha256") != _digest(data):
            return _error(400, "BadDigest")
        if headers.get("If-None-Match") == "*" and key in held:
            return _error(412, "PreconditionFailed")
        held[key] = data
        return 200, {}, ""


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _error(status: int, code: str) -> Answer:
    return status, {}, f"<Error><Code>{code}</Code><Message>refused by the test</Message></Error>"


def _split(path: str) -> tuple[str, str, str]:
    """Bucket, key and the setting that is meant."""
    parts = urlsplit(path)
    bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
    return bucket, key, next((name for name in SETTINGS if parts.query.split("=")[0] == name), "")
