"""Signatures made by botocore, the SDK itself, and what is refused without one."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from aurora_cfn.local.keys import Keys
from aurora_cfn.local.server.signatures import (
    HINT,
    MISSING,
    SignedRequest,
    failure_of,
    hinted,
    is_open,
    refusal,
    secrets_of,
)

KEYS = Keys("LKIAEXAMPLE", "the-secret")
URL = "http://127.0.0.1:4566/a path/é?b=2&a=1&empty="
SIGNERS: dict[str, Any] = {
    "header": lambda keys: SigV4Auth(keys, "rds", "eu-west-1"),
    "url": lambda keys: SigV4QueryAuth(keys, "rds", "eu-west-1", expires=60),
    "s3 header": lambda keys: S3SigV4Auth(keys, "s3", "eu-west-1"),
    "s3 url": lambda keys: S3SigV4QueryAuth(keys, "s3", "eu-west-1", expires=60),
}


def signed(signer: str, access_key_id: str, secret: str, body: bytes = b"") -> SignedRequest:
    """What reaches the server of a request that botocore signed."""
    request = AWSRequest("POST", URL.replace(" ", "%20").replace("é", "%C3%A9"), data=body)
    SIGNERS[signer](Credentials(access_key_id, secret)).add_auth(request)
    parts = urlsplit(str(request.url))
    headers = {name.lower(): str(value) for name, value in request.headers.items()} | {"host": parts.netloc}
    query = parse_qs(parts.query, keep_blank_values=True)
    return SignedRequest("POST", parts.path, query, headers, body)


@pytest.mark.parametrize("signer", SIGNERS)
@pytest.mark.parametrize(
    ("access_key_id", "secret", "code"),
    [
        ("LKIAEXAMPLE", "the-secret", None),
        ("123456789012", "the-secret", None),
        ("LKIAEXAMPLE", "another", "SignatureDoesNotMatch"),
        ("123456789012", "test", "SignatureDoesNotMatch"),
        ("test", "test", "UnrecognizedClientException"),
        ("test", "the-secret", "UnrecognizedClientException"),
        ("AKIASOMEONE", "the-secret", "UnrecognizedClientException"),
    ],
)
def test_only_keys_of_this_emulator_sign(signer: str, access_key_id: str, secret: str, code: str | None) -> None:
    found = failure_of(signed(signer, access_key_id, secret, b"" if "url" in signer else b"x=1"), secrets_of(KEYS))
    assert (found[0] if found else None) == code


def test_what_was_signed_cannot_be_changed() -> None:
    request = signed("header", KEYS.access_key_id, KEYS.secret_access_key, b"x=1")
    assert failure_of(request, secrets_of(KEYS)) is None
    changes: list[dict[str, Any]] = [
        {"body": b"x=2"}, {"method": "GET"}, {"raw_path": "/"}, {"query": {"a": ["9"]}},
        {"headers": {**request.headers, "host": "localhost"}},
    ]  # fmt: skip
    for change in changes:
        values: Mapping[str, Any] = {name: getattr(request, name) for name in SignedRequest.__slots__}
        found = failure_of(SignedRequest(**{**values, **change}), secrets_of(KEYS))
        assert found is not None, change
        assert found[0] == "SignatureDoesNotMatch", change


def test_an_old_signature_has_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=20)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: late)
    for signer, code in (("header", "RequestTimeTooSkewed"), ("url", "RequestExpired")):
        found = failure_of(signed(signer, KEYS.access_key_id, KEYS.secret_access_key), secrets_of(KEYS))
        assert found is not None
        assert found[0] == code


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        ("GET", "/_aws/execute-api/abc/$default/x", {}, True),
        ("POST", "/restapis/abc/v1/_user_request_/x", {}, True),
        ("POST", "/_aws/lambda-url/abc/x", {}, True),
        ("GET", "/_ministack/health", {}, True),
        ("PUT", "/_ministack/cfn-response/6f9619ff-8b86-d011-b42d-00cf4fc964ff", {}, True),
        ("GET", "/pool/.well-known/jwks.json", {}, True),
        ("POST", "/", {"x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth"}, True),
        ("POST", "/", {}, False),
        ("GET", "/restapis/abc", {}, False),
        ("GET", "/restapis/abc/stages/_user_request_x", {}, False),
        ("GET", "/_ministack/lambda-code/f", {}, False),
        ("PUT", "/bucket/.well-known/jwks.json", {}, False),
        ("POST", "/", {"x-amz-target": "secretsmanager.GetSecretValue"}, False),
        ("POST", "/", {"x-amz-target": "AWSCognitoIdentityService.GetCredentialsForIdentity"}, False),
        ("POST", "/Execute", {"host": "0123abcd.execute-api.localhost:4566"}, False),
        ("GET", "/_ministack/health", {"host": "bucket.localhost:4566"}, False),
        ("POST", "/x", {"x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth"}, False),
    ],
)
def test_what_may_come_without_a_signature(method: str, path: str, headers: dict[str, str], expected: bool) -> None:
    request = SignedRequest(method, path, {}, {"host": "127.0.0.1:4566", **headers})
    assert is_open(request, path) is expected
    assert failure_of(request, secrets_of(KEYS)) == MISSING


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/rds/aws4_request"}, 403,
         "<Code>InvalidClientTokenId</Code>"),
        ({"x-amz-target": "secretsmanager.GetSecretValue"}, 400, '"__type": "UnrecognizedClientException"'),
        ({"authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/lambda/aws4_request"}, 403,
         '"__type": "UnrecognizedClientException"'),
        ({"authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/s3/aws4_request"}, 403,
         "<Code>InvalidAccessKeyId</Code>"),
    ],
)  # fmt: skip
def test_each_service_refuses_in_its_own_form(headers: dict[str, str], status: int, code: str) -> None:
    request = SignedRequest("POST", "/", {}, {"host": "127.0.0.1:4566", **headers})
    found, body, _ = refusal(request, "/", ("UnrecognizedClientException", "The security token is invalid."))
    assert (found, code in body.decode(), HINT in body.decode()) == (status, True, True)


def test_the_hint_follows_the_message() -> None:
    assert hinted(b"<Message>No.</Message>") == f"<Message>No.{HINT}</Message>".encode()
    assert json.loads(hinted(b'{"Message": "No."}')) == {"Message": f"No.{HINT}"}
    assert hinted(b"nothing known") == b"nothing known"
