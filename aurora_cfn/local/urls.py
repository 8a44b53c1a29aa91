"""URLs of APIs as this machine can open them: a template builds the address that API Gateway has in AWS."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

from ministack.services import apigateway, apigateway_v1

from aurora_cfn.local.cloudformation.records import wrap_actions
from aurora_cfn.local.server.guard import App, Receive, Send
from aurora_cfn.local.server.guard import Scope as HttpScope

Scope: TypeAlias = tuple[str, str]
ADDRESS = re.compile(
    rb"https?://(?P<id>[a-z0-9]+)\.execute-api\.(?:[a-z0-9-]+\.amazonaws\.com(?:\.cn)?|localhost:\d+)(?P<stage>/[\w$-]+)?"
)


def install(port: int) -> None:
    """Rewrite the addresses in what CloudFormation shows; what stacks hold stays as it is."""
    wrap_actions(dict.fromkeys(("DescribeStacks", "ListExports"), lambda inner: _rewriting(inner, port)))
    for module, store in ((apigateway, apigateway._apis), (apigateway_v1, apigateway_v1._rest_apis)):
        module.find_api_scope = _anywhere(module.find_api_scope, store)


def _anywhere(inner: Callable[[str], Scope | None], store: Any) -> Callable[[str], Scope | None]:
    """An API's owner, found by its id alone: a request to a URL is not signed, so it names no account."""

    def find(name: str) -> Scope | None:
        scopes = ((account, region) for (account, region, found), _ in list(store.all_items()) if found == name)
        return inner(name) or next(scopes, None)

    return find


def _rewriting(inner: Callable[[Any], Any], port: int) -> Callable[[Any], Any]:
    def action(parameters: Any) -> Any:
        status, headers, body = inner(parameters)
        return status, headers, reachable(body, port, _is_rest)

    return action


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
    # Not imported: showing stacks must not load a service that is never used.
    module = sys.modules.get("ministack.services.apigateway_v1")
    return module is not None and any(key[-1] == name for key, _ in module._rest_apis.all_items())


_BARE = re.compile(r"/_aws/execute-api/[a-z0-9]+\Z")


def with_root_path(inner: App) -> App:
    """The same application; the URL of an HTTP API without a path asks for `/`, as it does in AWS."""

    async def app(scope: HttpScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _BARE.match(scope["path"]):
            scope = {**scope, "path": f"{scope['path']}/"}
            scope |= {"raw_path": scope["raw_path"] + b"/"} if scope.get("raw_path") else {}
        await inner(scope, receive, send)

    return app
