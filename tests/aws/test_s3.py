"""Objects and buckets in S3: which calls are made, with exactly which arguments, and what comes of refusals."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from aurora_cfn.aws.buckets import S3Buckets
from aurora_cfn.aws.s3 import S3Objects
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.errors import AwsError
from tests.aws.bucket_contract import keep, refuse_others
from tests.aws.stubs import stubbed
from tests.fakes.buckets import FakeBuckets
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.scripted.endpoint import Endpoint, serving

OWNER = "123456789012"
DIGEST = base64.b64encode(hashlib.sha256(b"data").digest()).decode()
B = {"Bucket": "b", "ExpectedBucketOwner": OWNER}


@cache
def at(region: str = "eu-west-1", called: str | None = "http://127.0.0.1:1") -> Session:
    """A session that reaches nothing; making the client of S3 takes a tenth of a second."""
    return Session(Connection(region, None, called, ("test", "test")))


def test_the_fake_keeps_to_the_contract() -> None:
    fake = FakeBuckets()
    keep(fake, fake, "ours", OWNER)
    refuse_others(fake, fake, "ours")


def test_s3_over_the_wire_keeps_to_the_contract() -> None:
    with serving(Endpoint(FakeCloudFormation(FakeClock()))) as endpoint:
        place = Session(Connection("eu-west-1", None, endpoint.url, ("test", "test")))
        keep(S3Objects(place), S3Buckets(place), "ours", OWNER)
        endpoint.s3.owners["ours"] = OWNER
        refuse_others(S3Objects(place), S3Buckets(place), "ours")


@pytest.mark.parametrize(
    ("message", "held"),
    [
        ({"ChecksumSHA256": DIGEST}, True),
        ({"ChecksumSHA256": "other"}, False),
        ({}, False),
    ],
)
def test_an_object_is_there_when_its_hash_is_that_of_the_bytes(message: dict[str, str], held: bool) -> None:
    place = at()
    asked = {"Bucket": "b", "Key": "k.zip", "ChecksumMode": "ENABLED"}
    with stubbed(place, "s3") as stub:
        stub.add_response("head_object", message, asked)
        stub.add_client_error("head_object", "404", "Not Found", 404)
        found = [S3Objects(place).holds_object("b", "k.zip", b"data") for _ in range(2)]
    assert found == [held, False]


@pytest.mark.parametrize(
    ("code", "part"),
    [("403", "s3:ListBucket"), ("301", "another region"), ("SlowDown", "HeadObject")],
)
def test_no_access_names_the_bucket_and_what_is_needed(code: str, part: str) -> None:
    place = at()
    with stubbed(place, "s3") as stub:
        stub.add_client_error("head_object", code, "Forbidden", 403)
        with pytest.raises(AwsError, match="bucket b: ") as caught:
            S3Objects(place).holds_object("b", "k.zip", b"data", owner=OWNER)
    assert part in str(caught.value)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("code", "words", "says"),
    [
        ("AccessDenied", "Access Denied", "bucket b: no access; the caller needs s3:GetObject"),
        (
            "AccessDenied",
            "User: arn:me is not authorized to perform: kms:GenerateDataKey on resource: arn:key",
            "kms:GenerateDataKey on resource: arn:key (AccessDenied): the bucket's KMS key may not be used",
        ),
        ("AccessDenied", "explicit deny in a resource-based policy", "PutObject: explicit deny in a resource-based"),
        ("KMS.DisabledException", "arn:key is disabled.", "arn:key is disabled. (KMS.DisabledException): the bucket's"),
        ("EntityTooLarge", "too large", "bucket b: PutObject: too large (EntityTooLarge)"),
    ],
)
def test_a_refused_upload_keeps_the_words_of_s3_where_it_has_any(code: str, words: str, says: str) -> None:
    place = at()
    with stubbed(place, "s3") as stub:
        stub.add_client_error("put_object", code, words, 403)
        with pytest.raises(AwsError) as refused:
            S3Objects(place).put_object("b", "k.yaml", b"data")
    assert says in str(refused.value)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("k.zip", "application/zip"),
        ("t/k.yaml", "application/yaml"),
        ("t/k.yml", "application/yaml"),
        ("t/k.json", "application/json"),
        ("k.template", "binary/octet-stream"),
    ],
)
def test_an_upload_carries_its_hash_its_owner_and_its_kind(key: str, kind: str) -> None:
    place = at()
    asked = {**B, "Key": key, "Body": b"data", "ContentType": kind, "ChecksumSHA256": DIGEST, "IfNoneMatch": "*"}
    with stubbed(place, "s3") as stub:
        stub.add_response("put_object", {}, asked)
        assert S3Objects(place).put_object("b", key, b"data", owner=OWNER)
        stub.add_client_error("put_object", "NoSuchBucket", "none", 404)
        with pytest.raises(AwsError, match="there is no such bucket; make it"):
            S3Objects(place).put_object("b", key, b"data")


@pytest.mark.parametrize(
    ("refusals", "written"),
    [
        ((("PreconditionFailed", 412),), False),
        ((("ConditionalRequestConflict", 409),), True),
        ((("ConditionalRequestConflict", 409), ("PreconditionFailed", 412)), False),
        ((("ConditionalRequestConflict", 409),) * 3, False),
    ],
)
def test_an_upload_writes_over_nothing(refusals: tuple[tuple[str, int], ...], written: bool) -> None:
    place = at()
    with stubbed(place, "s3") as stub:
        for code, status in refusals:
            stub.add_client_error("put_object", code, "no", status)
        if written:
            stub.add_response("put_object", {})
        assert S3Objects(place).put_object("b", "k.zip", b"data") is written


@pytest.mark.parametrize(("body", "held"), [(b"data", True), (b"atad", False)])
def test_an_object_of_another_tool_without_a_hash_is_read(body: bytes, held: bool) -> None:
    place = at()
    with stubbed(place, "s3") as stub:
        stub.add_response("head_object", {"ContentLength": 4})
        stub.add_response("get_object", {"Body": BytesIO(body)}, {**B, "Key": "k.zip"})
        assert S3Objects(place).holds_object("b", "k.zip", b"data", owner=OWNER) is held


def test_a_bucket_is_somewhere_nowhere_or_someone_elses() -> None:
    place = at()
    with stubbed(place, "s3") as stub:
        stub.add_response("head_bucket", {"BucketRegion": "eu-central-1"}, B)
        stub.add_response("head_bucket", {}, B)
        stub.add_client_error("head_bucket", "404", "Not Found", 404)
        stub.add_client_error("head_bucket", "403", "Forbidden", 403)
        found = [S3Buckets(place).bucket_region("b", owner=OWNER) for _ in range(3)]
        assert found == ["eu-central-1", "eu-west-1", None]
        with pytest.raises(AwsError, match="bucket b: no access") as caught:
            S3Buckets(place).bucket_region("b", owner=OWNER)
    assert caught.value.code == "403"


def test_a_bucket_without_tags_is_no_error() -> None:
    place = at()
    with stubbed(place, "s3") as stub:
        stub.add_response("get_bucket_tagging", {"TagSet": [{"Key": "a", "Value": "b"}]}, B)
        stub.add_client_error("get_bucket_tagging", "NoSuchTagSet", "none", 404)
        stub.add_client_error("get_bucket_tagging", "AccessDenied", "not you", 403)
        found = [S3Buckets(place).bucket_tags("b", owner=OWNER) for _ in range(2)]
        assert found == [{"a": "b"}, {}]
        with pytest.raises(AwsError, match=r"bucket b: GetBucketTagging: not you \(AccessDenied\)"):
            S3Buckets(place).bucket_tags("b", owner=OWNER)


@pytest.mark.parametrize(
    ("region", "more"),
    [("eu-west-1", {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}), ("us-east-1", {})],
)
def test_a_bucket_is_made_without_acls_and_in_the_region(region: str, more: dict[str, Any]) -> None:
    place = at(region)
    with stubbed(place, "s3") as stub:
        stub.add_response("create_bucket", {}, {"Bucket": "b", "ObjectOwnership": "BucketOwnerEnforced", **more})
        assert S3Buckets(place).make_bucket("b") == region


def test_a_bucket_that_is_ours_already_is_no_error_and_that_of_another_account_is() -> None:
    place = at()
    with stubbed(place, "s3") as stub:
        stub.add_client_error("create_bucket", "BucketAlreadyOwnedByYou", "ours", 409)
        stub.add_client_error("create_bucket", "BucketAlreadyExists", "theirs", 409)
        stub.add_client_error("create_bucket", "TooManyBuckets", "many", 400)
        assert S3Buckets(place).make_bucket("b") == "eu-west-1"
        with pytest.raises(AwsError, match="another account has a bucket of that name; name one of yours as `bucket:`"):
            S3Buckets(place).make_bucket("b")
        with pytest.raises(AwsError, match="TooManyBuckets"):
            S3Buckets(place).make_bucket("b")


def tls_only(arn: str) -> dict[str, Any]:
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def expect_protections(stub: Stubber, policy: object = ANY) -> None:
    everything = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("put_public_access_block", {"PublicAccessBlockConfiguration": dict.fromkeys(everything, True)}),
        (
            "put_bucket_ownership_controls",
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
        ),
        ("put_bucket_encryption", {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}),
        ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}}),
        ("put_bucket_policy", {"Policy": policy}),
        ("put_bucket_tagging", {"Tagging": {"TagSet": [{"Key": "Project", "Value": "x"}]}}),
    ]
    for name, given in calls:
        stub.add_response(name, {}, {**B, **given})


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_all_protections_are_set_and_the_tags_last(region: str, partition: str) -> None:
    place = at(region)
    policy = {"Version": "2012-10-17", "Statement": [tls_only(f"arn:{partition}:s3:::b")]}
    with stubbed(place, "s3") as stub:
        stub.add_client_error("get_bucket_policy", "NoSuchBucketPolicy", "none", 404)
        expect_protections(stub, json.dumps(policy))
        S3Buckets(place).protect_bucket("b", tags={"Project": "x"}, owner=OWNER)


@pytest.mark.parametrize("one", [False, True])
def test_what_others_wrote_into_the_policy_stays_and_ours_is_there_once(one: bool) -> None:
    place = at()
    theirs = {"Sid": "Readers", "Effect": "Allow", "Principal": {"AWS": OWNER}, "Action": "s3:GetObject"}
    ours = tls_only("arn:aws:s3:::b")
    there = {"Version": "2008-10-17", "Statement": theirs if one else [ours, theirs]}
    with stubbed(place, "s3") as stub:
        stub.add_response("get_bucket_policy", {"Policy": json.dumps(there)}, B)
        expect_protections(stub, json.dumps({"Version": "2008-10-17", "Statement": [theirs, ours]}))
        S3Buckets(place).protect_bucket("b", tags={"Project": "x"}, owner=OWNER)


def test_a_protection_that_is_refused_is_shown_with_its_operation_and_ends_it() -> None:
    place = at()
    with stubbed(place, "s3") as stub:
        stub.add_client_error("get_bucket_policy", "NoSuchBucketPolicy", "none", 404)
        stub.add_response("put_public_access_block", {})
        stub.add_client_error("put_bucket_ownership_controls", "AccessDenied", "not you", 403)
        with pytest.raises(AwsError, match=r"bucket b: PutBucketOwnershipControls: not you \(AccessDenied\)"):
            S3Buckets(place).protect_bucket("b", tags={}, owner=OWNER)


LOCAL = "http://127.0.0.1:1"
VPC = "https://bucket.vpce-1-2.s3.eu-west-1.vpce.amazonaws.com"


@pytest.mark.parametrize(
    ("home", "called", "bucket_in", "base"),
    [
        ("eu-west-1", None, "eu-west-1", "https://s3.eu-west-1.amazonaws.com"),
        ("eu-west-1", None, "eu-central-1", "https://s3.eu-central-1.amazonaws.com"),
        ("eu-west-1", None, "us-east-1", "https://s3.us-east-1.amazonaws.com"),
        ("us-gov-west-1", None, "us-gov-west-1", "https://s3.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", None, "cn-northwest-1", "https://s3.cn-northwest-1.amazonaws.com.cn"),
        ("eusc-de-east-1", None, "eusc-de-east-1", "https://s3.eusc-de-east-1.amazonaws.eu"),
        ("eu-west-1", VPC, "eu-west-1", "https://s3.eu-west-1.amazonaws.com"),
        ("eu-west-1", LOCAL, "eu-west-1", LOCAL),
        ("cn-north-1", LOCAL, "cn-north-1", LOCAL),
    ],
)
def test_the_address_for_cloudformation_is_of_the_buckets_region_and_partition(
    home: str, called: str | None, bucket_in: str, base: str
) -> None:
    assert (
        S3Buckets(at(home, called)).object_url("b", "aurora-cfn/t/1.yaml", bucket_in) == f"{base}/b/aurora-cfn/t/1.yaml"
    )


def test_an_address_given_by_hand_has_its_buckets_below_it() -> None:
    url = (
        at(called="http://localhost:1").client("s3").generate_presigned_url("head_bucket", Params={"Bucket": "bucket"})
    )
    assert url.startswith("http://localhost:1/bucket?")
