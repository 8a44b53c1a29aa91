"""Credentials in a params file: refused as such, and never repeated."""

from __future__ import annotations

import json

import pytest

from tests.environment.toys import complaints

HARMLESS = ["AKIASHORT", "https://example.com/a@b", "arn:aws:iam::123456789012:role/AKIA", "XAKIAIOSFODNN7EXAMPLE"]


def said(value: object) -> str:
    params = {"region": "eu-west-1", "stacks": {"db": {"template": "database", "parameters": {"Name": value}}}}
    return "\n".join(map(str, complaints(json.dumps(params))))


@pytest.mark.parametrize(
    ("value", "secret", "what"),
    [
        ("AKIAIOSFODNN7EXAMPLE", "IOSFODNN7", "an access key of AWS"),
        ("key=ASIAIOSFODNN7EXAMPLE;", "IOSFODNN7", "an access key of AWS"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "MIIE", "a private key"),
        ("postgres://admin:hunter22@db/orders", "hunter22", "a URL with a password"),
        (["a", "AKIAIOSFODNN7EXAMPLE"], "IOSFODNN7", "an access key of AWS"),
    ],
)
def test_a_credential_is_refused_and_not_repeated(value: object, secret: str, what: str) -> None:
    found = said(value)
    assert f"looks like {what}, which must not be in a params file" in found
    assert secret not in found


@pytest.mark.parametrize("value", HARMLESS)
def test_what_only_resembles_one_is_not(value: str) -> None:
    assert "looks like" not in said(value)
