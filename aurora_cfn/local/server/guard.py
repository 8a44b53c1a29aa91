"""The guard in front of everything, since no web page may drive a server that runs code on request, and our own pages.

The pages are under /_aurora_cfn: health, status and the requests of our own commands.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from hmac import compare_digest
from typing import Any, TypeAlias

from aurora_cfn.local.keys import Keys
from aurora_cfn.local.wire import PAGES

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

JSON: Mapping[str, str] = {"Content-Type": "application/json"}
OWN_HOST = re.compile(r"(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9_.-]+\.)?localhost)(?::\d+)?", re.IGNORECASE)
CLOSED_PAGES = frozenset({"/_ministack/reset", "/_ministack/config"})
"""ministack's own administration: it would wipe the records and leave the databases running."""
Page: TypeAlias = Callable[[Any], Any]
"""Takes the decoded JSON body (None when empty), gives what is sent as JSON; ValueError is a 400. It may be async."""
OPEN_PAGE = ("GET", "health")
"""Process id and version: how a client finds out whether a record is stale, before it sends its secret anywhere."""


def refusal(path: str, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Why a request is refused, or None.

    Browsers send `Origin` with every cross-site request that can change something, `Sec-Fetch-Site` with all, and a
    page that rebinds its own name to 127.0.0.1 still sends that name as `Host`.
    """
    hosts = []
    for name, value in headers:
        key = name.lower()
        if key == b"origin":
            return "requests from web pages are refused"
        if key == b"sec-fetch-site" and value.lower() not in (b"none", b"same-origin"):
            return "requests from web pages are refused"
        if key == b"host":
            hosts.append(value.decode("latin-1"))
    # Of two Host headers one could be checked here and the other one be used behind.
    if len(hosts) != 1 or not OWN_HOST.fullmatch(hosts[0]):
        return "the Host header is not this machine's"
    return "use aurora-cfn local reset" if path in CLOSED_PAGES else None


def guarded(inner: App) -> App:
    """The same application behind the guard; HTTP gets 403, a WebSocket is closed."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await inner(scope, receive, send)
        reason = refusal(scope["path"], scope["headers"])
        if reason is None:
            return await inner(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})  # policy violation (RFC 6455)
        return await answer(send, 403, reason.encode(), {"Content-Type": "text/plain"})

    return app


async def answer(send: Send, status: int, body: bytes, headers: Mapping[str, str] = JSON) -> None:
    """Send one whole response."""
    rows = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    rows.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": rows})
    await send({"type": "http.response.body", "body": body})


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
