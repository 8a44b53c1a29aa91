"""The bucket of an environment: found, or created after consent, and not used before it is protected."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aurora_cfn.errors import AwsError, Complaint, DeclinedError, InputError
from aurora_cfn.ports import Buckets, Objects

PROTECTED_TAG = {"aurora-cfn:protected": "true"}
"""The tag of a bucket that this tool has protected: set last, so it says that all steps before it are done."""
PROTECTION = "no public access, no ACLs, encryption (SSE-S3), versioning, access by TLS only, and tags"


@dataclass(frozen=True, slots=True)
class UploadBucket:
    """The bucket for uploads: `given` when the params file at `path` names it, else this tool creates it.

    `owner` is the account that it must belong to, None where that is unknown; `tags` are those of the environment.
    """

    name: str
    path: str
    owner: str | None = None
    given: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


class Uploads:
    """The uploads of one run; its threads share them, so the person is asked about the bucket once."""

    def __init__(
        self, objects: Objects, buckets: Buckets, bucket: Callable[[], UploadBucket], consent: Callable[[str], bool]
    ) -> None:
        """Nothing is called yet, not even `bucket`, which gives the bucket."""
        self._objects, self._buckets, self._chosen, self._consent = objects, buckets, bucket, consent
        # Threads of several stacks upload at once; the first one asks about the bucket, the others wait for the answer.
        self._lock = threading.Lock()
        # Of the bucket once it is ready for uploads, empty until then.
        self._region = ""
        self._declined = False

    @cached_property
    def bucket(self) -> UploadBucket:
        """The bucket, determined at the first use."""
        return self._chosen()

    def why_not_ready(self) -> str:
        """Why an upload would first ask to make a bucket, empty when it would not. Nothing is asked or made here.

        Raises InputError when the bucket in the params file does not exist, AwsError when another account owns it.
        """
        with self._lock:
            if not self._region:
                self._look()
            return "" if self._region else self._missing()

    def upload(self, key: str, data: bytes, why: str, show: Callable[[str], None]) -> bool:
        """Whether it was uploaded; False when the bucket already has it.

        `why` begins the question and says what needs a bucket; `show` gets a line about a bucket that was made. Raises
        DeclinedError when none may be made, AwsError when the key holds other bytes, and as `why_not_ready`.
        """
        # Not under the lock: uploads of several stacks need not wait for each other.
        self._ready(why, show)
        name, owner = self.bucket.name, self.bucket.owner
        if self._objects.holds_object(name, key, data, owner=owner):
            return False
        if self._objects.put_object(name, key, data, owner=owner):
            return True
        # Another run may have uploaded it since; the key has the hash of the bytes, so it cannot mean other ones.
        if self._objects.holds_object(name, key, data, owner=owner):
            return False
        what = f"{self.place(key)} holds other bytes than its key says, and nothing is written over"
        raise AwsError(f"{what}: find out who wrote it, delete it, and run the command again", operation="PutObject")

    def url(self, key: str) -> str:
        """The HTTPS address of an uploaded object, for CloudFormation."""
        return self._buckets.object_url(self.bucket.name, key, self._region)

    def place(self, key: str) -> str:
        """The `s3://` address of an uploaded object, for messages."""
        return f"s3://{self.bucket.name}/{key}"

    def _ready(self, why: str, show: Callable[[str], None]) -> None:
        with self._lock:
            if self._declined:
                raise DeclinedError(f"{why}, and {self._missing()}")
            if not self._region:
                found = self._look()
            if not self._region:
                self._make(found, why)
                show(f"{'protected' if found.region else 'made'} the bucket {self.bucket.name}: {PROTECTION}")

    def _look(self) -> _Found:
        """The bucket in S3; its region is kept when it is ready for uploads."""
        # With the owner in every call: a bucket of that name in another account could be read by its owner.
        bucket = self.bucket
        region = self._buckets.bucket_region(bucket.name, owner=bucket.owner)
        if region is None:
            if bucket.given:
                what = f"there is no bucket {bucket.name}"
                hint = "make it, name another one, or leave the key out to have one made after asking"
                raise InputError((Complaint(what, bucket.path, key="bucket", hint=hint),))
            return _Found()
        tags = {} if bucket.given else self._buckets.bucket_tags(bucket.name, owner=bucket.owner)
        if bucket.given or PROTECTED_TAG.items() <= tags.items():
            self._region = region
        return _Found(region, tags)

    def _make(self, found: _Found, why: str) -> None:
        """Create and protect it. Every step can be repeated: the next run completes an interrupted one."""
        name, owner = self.bucket.name, self.bucket.owner
        if not self._consent(self._question(found, why)):
            self._declined = True
            raise DeclinedError(f"{why}, and {self._missing()}")
        region = found.region or self._buckets.make_bucket(name)
        # Tags that the bucket has already stay: it serves all environments, and another one may have made it.
        self._buckets.protect_bucket(name, tags={**self.bucket.tags, **found.tags, **PROTECTED_TAG}, owner=owner)
        self._region = region

    def _question(self, found: _Found, why: str) -> str:
        name = self.bucket.name
        there = "is there, but not completely protected; it is" if found.region else "would be made,"
        verb = "Protect" if found.region else "Make"
        return (
            f"{why}, and {self.bucket.path} names none.\n"
            f"  {name} {there} for all environments of this account and region, and stays afterwards;\n"
            f"  it has {PROTECTION}.\n"
            f"{verb} the bucket {name}?"
        )

    def _missing(self) -> str:
        name, path = self.bucket.name, self.bucket.path
        return (
            f"there is no protected {name} yet: `aurora-cfn deploy` makes it after asking (--yes agrees), "
            f"or name another one as `bucket:` in {path}"
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """The bucket in S3: its region, empty when it does not exist, and its tags."""

    region: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
