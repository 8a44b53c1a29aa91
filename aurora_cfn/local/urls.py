"""URLs of APIs as this machine can open them: a template builds the address that API Gateway has in AWS."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from ministack.services import apigateway, apigateway_v1

from aurora_cfn.local.replacing import Inner, replace, replace_actions
from aurora_cfn.local.server.guard import App, Receive, Scope, Send

ADDRESS = re.compile(
    rb"https?://(?P<id>[a-z0-9]+)\.execute-api\.(?:[a-z0-9-]+\.amazonaws\.com(?:\.cn)?|localhost:\d+)(?P<stage>/[\w$-]+)?"
)


def install(port: int) -> None:
    """Rewrite the addresses in what CloudFormation shows; what stacks hold stays as it is."""
    replace_actions(dict.fromkeys(("DescribeStacks", "ListExports"), partial(_rewriting, port)))
    for module, store in ((apigateway, apigateway._apis), (apigateway_v1, apigateway_v1._rest_apis)):
        replace(module, "find_api_scope", partial(_anywhere, store))


def _anywhere(store: Any, inner: Inner, name: str) -> Any:
    """An API's owner, found by its id alone: a request to a URL is not signed, so it names no account."""
    scopes = ((account, region) for (account, region, found), _ in list(store.all_items()) if found == name)
    return inner(name) or next(scopes, None)


def _rewriting(port: int, inner: Inner, parameters: Any) -> Any:
    status, headers, body = inner(parameters)
    return status, headers, reachable(body, port, _is_rest)


def reachable(body: bytes, port: int, is_rest: Callable[[str], bool]) -> bytes:
    """The text with every address of an API replaced by one on 127.0.0.1."""

    def address(match: re.Match[bytes]) -> bytes:
        name, stage = match["id"].decode(), (match["stage"] or b"").decode()
        # These are the paths at which ministack answers for both kinds of API without a host name of their own.
        if is_rest(name):
            return f"http://127.0.0.1:{port}/restapis/{name}{stage}/_user_request_".encode()
        return f"http://127.0.0.1:{port}/_aws/execute-api/{name}{stage}".encode()

    return ADDRESS.sub(address, body)


def _is_rest(name: str) -> bool:
    return any(key[-1] == name for key, _ in apigateway_v1._rest_apis.all_items())


_BARE = re.compile(r"/_aws/execute-api/[a-z0-9]+\Z")


def with_root_path(inner: App) -> App:
    """The same application; the URL of an HTTP API without a path asks for `/`, as it does in AWS."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _BARE.match(scope["path"]):
            scope = {**scope, "path": f"{scope['path']}/"}
            scope |= {"raw_path": scope["raw_path"] + b"/"} if scope.get("raw_path") else {}
        await inner(scope, receive, send)

    return app
