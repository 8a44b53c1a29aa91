"""Tokens: signed for the place and the role that they open, without a call to anywhere."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from aurora_cfn.handlers import signing
from aurora_cfn.handlers.connection import Place, place_from_environment

PLACE = Place("proxy.example.com", 5432, "temporal", "dbadmin")


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-key-of-the-test")
    signing._client.cache_clear()


def read(token: str) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit("https://" + token)
    return parts.netloc, parse_qs(parts.query)


def test_a_proxy_token_names_its_user_and_lasts_a_quarter_of_an_hour() -> None:
    host, query = read(signing.rds_token(PLACE))
    assert host == "proxy.example.com:5432"
    assert (query["Action"], query["DBUser"], query["X-Amz-Expires"]) == (["connect"], ["dbadmin"], ["900"])
    assert "/eu-west-1/rds-db/" in query["X-Amz-Credential"][0]


@pytest.mark.parametrize(("role", "action"), [("admin", "DbConnectAdmin"), ("games_api", "DbConnect")])
def test_a_dsql_token_names_the_action_that_the_role_needs(role: str, action: str) -> None:
    host, query = read(signing.dsql_token(Place("x.dsql.eu-west-1.on.aws", 5432, "postgres", role)))
    assert host == "x.dsql.eu-west-1.on.aws"
    assert query["Action"] == [action]


@pytest.mark.parametrize(("endpoint", "host", "port"), [("a.b", "a.b", 5432), ("127.0.0.1:6000", "127.0.0.1", 6000)])
def test_an_endpoint_may_carry_its_port(endpoint: str, host: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DB_ENDPOINT": endpoint, "DB_NAME": "d", "DB_USER": "u"}.items():
        monkeypatch.setenv(name, value)
    assert place_from_environment() == Place(host, port, "d", "u")
