"""S3 in memory: buckets with their protection and objects, of several accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from aurora_cfn.errors import AwsError
from tests.fakes.cloudformation import ACCOUNT, REGION

ADDRESS = "https://s3.eu-west-1.amazonaws.com"


@dataclass(slots=True)
class FakeBucket:
    """One bucket; `protected` counts how often it was protected."""

    owner: str = ACCOUNT
    region: str = REGION
    tags: dict[str, str] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    protected: int = 0


@dataclass(slots=True)
class FakeBuckets:
    """The ports Objects and Buckets; `calls` lists what was asked, `trouble` what is refused next, by operation."""

    buckets: dict[str, FakeBucket] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    trouble: dict[str, list[AwsError]] = field(default_factory=dict)
    owners: set[str | None] = field(default_factory=set)

    def holds_object(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> bool:
        held = self._called("HeadObject", bucket, owner)
        return held is not None and held.objects.get(key) == data

    def put_object(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> bool:
        held = self._called("PutObject", bucket, owner)
        if held is None:
            raise AwsError("PutObject: no such bucket (NoSuchBucket)", operation="PutObject", code="NoSuchBucket")
        return held.objects.setdefault(key, data) is data

    def bucket_region(self, bucket: str, *, owner: str | None = None) -> str | None:
        held = self._called("HeadBucket", bucket, owner)
        return held.region if held else None

    def bucket_tags(self, bucket: str, *, owner: str | None = None) -> Mapping[str, str]:
        held = self._called("GetBucketTagging", bucket, owner)
        return dict(held.tags) if held else {}

    def make_bucket(self, bucket: str) -> str:
        self._called("CreateBucket", bucket, None)
        return self.buckets.setdefault(bucket, FakeBucket()).region

    def protect_bucket(self, bucket: str, *, tags: Mapping[str, str], owner: str | None = None) -> None:
        held = self._called("Protect", bucket, owner)
        assert held is not None
        held.protected += 1
        held.tags = dict(tags)

    def object_url(self, bucket: str, key: str, region: str) -> str:
        return f"{ADDRESS.replace(REGION, region)}/{bucket}/{key}"

    def text(self, url: str) -> str:
        """What CloudFormation reads there."""
        bucket, _, key = url.split("/", 3)[3].partition("/")
        data = self.buckets[bucket].objects[key]
        assert hashlib.sha256(data).hexdigest()[:32] in key
        return data.decode()

    def _called(self, operation: str, bucket: str, owner: str | None) -> FakeBucket | None:
        self.calls.append(operation)
        self.owners.add(owner)
        if self.trouble.get(operation):
            raise self.trouble[operation].pop(0)
        held = self.buckets.get(bucket)
        if held and owner and operation != "CreateBucket" and held.owner != owner:
            raise AwsError(f"bucket {bucket}: no access ({operation}: 403)", operation=operation, code="403")
        return held
