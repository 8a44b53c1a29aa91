"""Buckets, certificates and VPN endpoints, as AWS answers for them."""

from __future__ import annotations

import base64
import hashlib

import pytest

from aurora_cfn.aws.acm import AcmCertificates
from aurora_cfn.aws.client_vpn import Ec2VpnEndpoints
from aurora_cfn.aws.s3 import S3Objects
from aurora_cfn.errors import AwsError
from tests.aws.stubs import session, stubbed


def test_an_object_is_there_or_not() -> None:
    place = session()
    with stubbed(place, "s3") as stub:
        stub.add_response("head_object", {}, {"Bucket": "b", "Key": "k"})
        stub.add_client_error("head_object", "404", "Not Found", 404)
        assert [S3Objects(place).exists("b", "k"), S3Objects(place).exists("b", "k")] == [True, False]


@pytest.mark.parametrize(
    ("code", "part"),
    [("403", "s3:ListBucket"), ("301", "another region"), ("SlowDown", "HeadObject")],
)
def test_no_access_names_the_bucket_and_what_is_needed(code: str, part: str) -> None:
    place = session()
    with stubbed(place, "s3") as stub:
        stub.add_client_error("head_object", code, "Forbidden", 403)
        with pytest.raises(AwsError, match="bucket b: ") as caught:
            S3Objects(place).exists("b", "k", owner="123456789012")
    assert part in str(caught.value)
    assert caught.value.code == code


def test_an_upload_carries_its_hash_and_its_owner() -> None:
    place = session()
    asked = {
        "Bucket": "b",
        "Key": "k",
        "Body": b"data",
        "ContentType": "application/zip",
        "ChecksumSHA256": base64.b64encode(hashlib.sha256(b"data").digest()).decode(),
        "ExpectedBucketOwner": "123456789012",
    }
    with stubbed(place, "s3") as stub:
        stub.add_response("put_object", {}, asked)
        S3Objects(place).put("b", "k", b"data", owner="123456789012")
        stub.add_client_error("put_object", "NoSuchBucket", "none", 404)
        with pytest.raises(AwsError, match="there is no such bucket; make it"):
            S3Objects(place).put("b", "k", b"data")


def test_a_bucket_that_is_ours_already_is_no_error() -> None:
    place = session()
    asked = {"Bucket": "b", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    with stubbed(place, "s3") as stub:
        stub.add_response("create_bucket", {}, asked)
        stub.add_client_error("create_bucket", "BucketAlreadyOwnedByYou", "ours", 409)
        stub.add_client_error("create_bucket", "TooManyBuckets", "many", 400)
        S3Objects(place).make_bucket("b")
        S3Objects(place).make_bucket("b")
        with pytest.raises(AwsError, match="TooManyBuckets"):
            S3Objects(place).make_bucket("b")


def test_a_certificate_is_imported_and_imported_again_in_its_place() -> None:
    place = session()
    arn = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
    asked = {"Certificate": b"c", "PrivateKey": b"k", "CertificateChain": b"r"}
    with stubbed(place, "acm") as stub:
        stub.add_response("import_certificate", {"CertificateArn": arn}, asked)
        stub.add_response("import_certificate", {"CertificateArn": arn}, asked | {"CertificateArn": arn})
        store = AcmCertificates(place)
        assert store.import_certificate("c", "k", "r") == arn
        assert store.import_certificate("c", "k", "r", arn=arn) == arn


def test_an_endpoint_gives_its_configuration() -> None:
    place = session()
    with stubbed(place, "ec2") as stub:
        stub.add_response(
            "export_client_vpn_client_configuration",
            {"ClientConfiguration": "client\n"},
            {"ClientVpnEndpointId": "cvpn-endpoint-1"},
        )
        assert Ec2VpnEndpoints(place).client_configuration("cvpn-endpoint-1") == "client\n"
