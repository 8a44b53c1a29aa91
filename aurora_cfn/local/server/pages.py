"""The server's own pages under /_aurora_cfn: health, status and the requests of our own commands."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from hmac import compare_digest
from typing import Any, TypeAlias

from aurora_cfn.local.keys import Keys
from aurora_cfn.local.server.guard import App, Receive, Scope, Send, answer
from aurora_cfn.local.wire import PAGES

Page: TypeAlias = Callable[[Any], Any]
"""Takes the decoded JSON body (None when empty), gives what is sent as JSON; ValueError is a 400. It may be async."""


OPEN_PAGE = ("GET", "health")
"""Process id and version: how a client finds out whether a record is stale, before it sends its secret anywhere."""


def with_pages(inner: App, pages: Mapping[tuple[str, str], Page], keys: Keys) -> App:
    """The same application with pages, keyed by method and name, in front of it; most want the keys' token."""
    expected = f"Bearer {keys.page_token}".encode()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(f"{PAGES}/"):
            return await inner(scope, receive, send)
        place = scope["method"], scope["path"].removeprefix(f"{PAGES}/")
        page = pages.get(place)
        if page is None:
            return await answer(send, 404, b'{"message": "no such page"}')
        given = dict(scope["headers"]).get(b"authorization", b"")
        if place != OPEN_PAGE and not compare_digest(given, expected):
            return await answer(send, 403, b'{"message": "this page wants the token of our keys"}')
        status, found = await _outcome(page, await _body(receive))
        return await answer(send, status, json.dumps(found).encode())

    return app


async def _outcome(page: Page, body: bytes) -> tuple[int, Any]:
    try:
        found = page(json.loads(body) if body else None)
        return 200, (await found if inspect.isawaitable(found) else found)
    except ValueError as error:
        return 400, {"message": str(error)}


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
