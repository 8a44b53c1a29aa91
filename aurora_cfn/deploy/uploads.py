"""The bucket of an environment: found, or made after consent, and never used before it is protected."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aurora_cfn.errors import Complaint, DeclinedError, InputError
from aurora_cfn.ports import Buckets, Objects

MARK = {"aurora-cfn:protected": "true"}
"""The tag of a bucket of ours whose protection is complete: it is set last."""
PROTECTION = "no public access, no ACLs, encryption (SSE-S3), versioning, access by TLS only, and tags"


@dataclass(frozen=True, slots=True)
class UploadBucket:
    """Which bucket: `given` when the params file at `path` names it, else ours to make.

    `owner` is the account that it must belong to, None where nobody knows; `tags` are those of the environment.
    """

    name: str
    path: str
    owner: str | None = None
    given: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


class Uploads:
    """What one run puts into its bucket; threads share it, and the person is asked once."""

    def __init__(
        self, objects: Objects, buckets: Buckets, bucket: Callable[[], UploadBucket], consent: Callable[[str], bool]
    ) -> None:
        """Nothing is called yet; not even `bucket`, which says which one."""
        self._objects, self._buckets, self._chosen, self._consent = objects, buckets, bucket, consent
        self._lock = threading.Lock()
        self._region = ""
        self._declined = False

    @cached_property
    def bucket(self) -> UploadBucket:
        """Which bucket it is."""
        return self._chosen()

    def lacking(self) -> str:
        """Why nothing can be uploaded without asking first, empty when it can; nothing is asked or made.

        Raises InputError when the bucket that the params file names is not there, AwsError when it is not ours.
        """
        with self._lock:
            if not self._region:
                self._look()
            return "" if self._region else self._missing()

    def upload(self, key: str, data: bytes, why: str, tell: Callable[[str], None]) -> bool:
        """Whether it was uploaded; False when the bucket has it.

        `why` says to the person what needs a bucket, `tell` hears of one that was made. Raises DeclinedError when none
        may be made, and as `lacking`.
        """
        self._ready(why, tell)
        name, owner = self.bucket.name, self.bucket.owner
        if self._objects.holds_object(name, key, data, owner=owner):
            return False
        self._objects.put_object(name, key, data, owner=owner)
        return True

    def url(self, key: str) -> str:
        """Where CloudFormation finds what was uploaded."""
        return self._buckets.object_url(self.bucket.name, key, self._region)

    def place(self, key: str) -> str:
        """The same for people."""
        return f"s3://{self.bucket.name}/{key}"

    def _ready(self, why: str, tell: Callable[[str], None]) -> None:
        with self._lock:
            if self._declined:
                raise DeclinedError(f"{why}, and {self._missing()}")
            if not self._region:
                found = self._look()
            if not self._region:
                self._make(found, why)
                tell(f"{'protected' if found.region else 'made'} the bucket {self.bucket.name}: {PROTECTION}")

    def _look(self) -> _Found:
        """What is there; remembered when nothing is missing."""
        bucket = self.bucket
        region = self._buckets.bucket_region(bucket.name, owner=bucket.owner)
        if region is None:
            if bucket.given:
                what = f"there is no bucket {bucket.name}"
                hint = "make it, name another one, or leave the key out to have one made after asking"
                raise InputError((Complaint(what, bucket.path, key="bucket", hint=hint),))
            return _Found()
        tags = {} if bucket.given else self._buckets.bucket_tags(bucket.name, owner=bucket.owner)
        if bucket.given or MARK.items() <= tags.items():
            self._region = region
        return _Found(region, tags)

    def _make(self, found: _Found, why: str) -> None:
        """Make and protect it, each step one that can be done again: a run that ended half-way is completed so."""
        name, owner = self.bucket.name, self.bucket.owner
        if not self._consent(self._question(found, why)):
            self._declined = True
            raise DeclinedError(f"{why}, and {self._missing()}")
        region = found.region or self._buckets.make_bucket(name)
        self._buckets.protect_bucket(name, tags={**self.bucket.tags, **found.tags, **MARK}, owner=owner)
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
    """A bucket as it is: its region, empty when it is not there, and its tags."""

    region: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
