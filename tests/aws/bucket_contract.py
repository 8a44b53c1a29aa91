"""What every side of the ports Objects and Buckets answers, in the order in which a run asks."""

from __future__ import annotations

import pytest

from aurora_cfn.errors import AwsError
from aurora_cfn.ports import Buckets, Objects

OTHER = "999999999999"


def keep(objects: Objects, buckets: Buckets, name: str, owner: str | None) -> None:
    """From no bucket to a protected one with an object in it, each step twice."""
    assert buckets.bucket_region(name, owner=owner) is None
    with pytest.raises(AwsError) as missing:
        objects.put_object(name, "a/b.yaml", b"one", owner=owner)
    assert missing.value.code == "NoSuchBucket"
    assert [buckets.make_bucket(name) for _ in range(2)] == ["eu-west-1"] * 2
    assert buckets.bucket_region(name, owner=owner) == "eu-west-1"
    assert buckets.bucket_tags(name, owner=owner) == {}
    for tags in ({"Project": "x"}, {"Project": "x", "Team": "data"}):
        buckets.protect_bucket(name, tags=tags, owner=owner)
        assert buckets.bucket_tags(name, owner=owner) == tags
    assert not objects.holds_object(name, "a/b.yaml", b"one", owner=owner)
    assert [objects.put_object(name, "a/b.yaml", data, owner=owner) for data in (b"one", b"two")] == [True, False]
    assert [objects.holds_object(name, "a/b.yaml", data, owner=owner) for data in (b"one", b"two")] == [True, False]
    assert buckets.object_url(name, "a/b.yaml", "eu-west-1").endswith(f"/{name}/a/b.yaml")


def refuse_others(objects: Objects, buckets: Buckets, name: str) -> None:
    """A bucket that is not of the expected account. The emulator does not look at the account that is expected."""
    for ask in (
        lambda: buckets.bucket_region(name, owner=OTHER),
        lambda: buckets.bucket_tags(name, owner=OTHER),
        lambda: objects.holds_object(name, "k.yaml", b"", owner=OTHER),
        lambda: objects.put_object(name, "k.yaml", b"", owner=OTHER),
        lambda: buckets.protect_bucket(name, tags={}, owner=OTHER),
    ):
        with pytest.raises(AwsError, match=f"bucket {name}: ") as refused:
            ask()
        assert refused.value.code in {"403", "AccessDenied"}
