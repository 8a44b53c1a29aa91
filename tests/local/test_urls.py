from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aurora_cfn.local.urls import reachable, with_root_path


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "<v>https://abc123.execute-api.eu-west-1.amazonaws.com</v>",
            "<v>http://127.0.0.1:99/_aws/execute-api/abc123</v>",
        ),
        (
            "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/x",
            "http://127.0.0.1:99/_aws/execute-api/abc123/prod/x",
        ),
        ("http://abc123.execute-api.localhost:4566/x", "http://127.0.0.1:99/_aws/execute-api/abc123/x"),
        (
            "https://rest1.execute-api.eu-west-1.amazonaws.com/v1",
            "http://127.0.0.1:99/restapis/rest1/v1/_user_request_",
        ),
        ("https://example.com/execute-api", "https://example.com/execute-api"),
    ],
)
def test_addresses_of_apis_are_made_reachable_and_others_are_left(text: str, shown: str) -> None:
    assert reachable(text.encode(), 99, lambda name: name.startswith("rest")).decode() == shown


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/_aws/execute-api/abc123", "/_aws/execute-api/abc123/"),
        ("/_aws/execute-api/abc123/prod", "/_aws/execute-api/abc123/prod"),
        ("/bucket/_aws/execute-api/abc123", "/bucket/_aws/execute-api/abc123"),
    ],
)
def test_the_bare_url_of_an_http_api_asks_for_its_root(path: str, asked: str) -> None:
    seen: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    async def nothing(*_: Any) -> Any:
        return {}

    async def ask() -> None:
        await with_root_path(inner)({"type": "http", "path": path, "raw_path": path.encode()}, nothing, nothing)

    asyncio.run(ask())
    assert [(scope["path"], scope["raw_path"]) for scope in seen] == [(asked, asked.encode())]
