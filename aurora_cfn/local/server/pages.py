"""The server's own pages under /_aurora_cfn: health, status and the requests of our own commands."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from aurora_cfn.local.server.guard import App, Receive, Scope, Send, answer
from aurora_cfn.local.wire import PAGES

Page: TypeAlias = Callable[[Any], Any]
"""Takes the decoded JSON body (None when empty), gives what is sent as JSON; ValueError is a 400. It may be async."""


def with_pages(inner: App, pages: Mapping[tuple[str, str], Page]) -> App:
    """The same application with pages, keyed by method and name, in front of it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(f"{PAGES}/"):
            return await inner(scope, receive, send)
        page = pages.get((scope["method"], scope["path"].removeprefix(f"{PAGES}/")))
        if page is None:
            return await answer(send, 404, b'{"message": "no such page"}')
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
