"""What is not emulated is said in the protocol of its service, with the name of the operation.

ministack 1.5.33 answers requests of services that it lacks with JSON that no SDK can read, and errors of its own with
status 500, which SDKs repeat; some of its Lambda API says that a function is missing where an operation is, and some
JSON APIs that an operation is not allowed.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from aurora_cfn.local.query import Answer

Handler: TypeAlias = Callable[..., Awaitable[Answer]]
"""Takes method, path, headers, body and query of a request."""
logger = logging.getLogger("aurora_cfn.requests")
NO_ACTION = re.compile(rb"Unknown action: (\w+)")
NO_OPERATION = re.compile(rb"Function not found: (/[^\"]*)")
NOT_IMPLEMENTED = 501
"""Other than 500, SDKs do not repeat it."""


class Handlers(dict[str, Handler]):
    """The handlers of ministack's services by name; `get` of a missing one gives a handler that refuses."""

    def get(self, service: str, default: Any = None) -> Any:
        """The handler of a service."""
        return super().get(service) or default or refusing(service)


def install(ministack: Any) -> None:
    """Put the handlers in place of its own."""
    # Under its own name, because ministack reads it at each request.
    ministack.SERVICE_HANDLERS = Handlers({
        name: catching(name, handler) for name, handler in ministack.SERVICE_HANDLERS.items()
    })  # fmt: skip


def refusing(service: str) -> Handler:
    """A handler for a service that is not emulated."""

    async def handle(method: str, path: str, headers: Mapping[str, str], body: bytes, _query: Any) -> Answer:
        words = (
            f"not emulated: {service} {operation(method, path, headers, body)} (the local emulator has no {service})"
        )
        return refusal(headers, 400, "InvalidAction", words)

    return handle


def catching(service: str, inner: Handler) -> Handler:
    """The handler; a request that it cannot carry out is answered with an error that says so."""

    async def handle(method: str, path: str, headers: Mapping[str, str], body: bytes, query: Any) -> Answer:
        try:
            answer = await inner(method, path, headers, body, query)
        except Exception as error:
            logger.exception("%s %s", service, path)
            what = f"{service} {operation(method, path, headers, body)}"
            words = f"the local emulator cannot answer this request of {what}: {type(error).__name__}: {error}"
            return refusal(headers, NOT_IMPLEMENTED, "InternalFailure", words)
        if answer[0] in (400, 404):
            text = answer[2] if isinstance(answer[2], bytes) else str(answer[2]).encode()
            found = (NO_OPERATION if service == "lambda" else NO_ACTION).search(text)
            if found:
                name = found[1].decode("utf-8", "replace")
                what = f"{method} {name}" if service == "lambda" else name
                words = f"not emulated: {service} {what} (the local emulator has no such operation)"
                return refusal(
                    headers, 400, "InvalidAction" if _is_form(headers) else "UnknownOperationException", words
                )
        return answer

    return handle


def operation(method: str, path: str, headers: Mapping[str, str], body: bytes) -> str:
    """The operation's name where the protocol has one, else method and path."""
    target = headers.get("x-amz-target", "")
    if target:
        return target.rpartition(".")[2]
    action = parse_qs(body.decode("utf-8", "replace")).get("Action") if _is_form(headers) else None
    return action[0] if action else f"{method} {path}"


def refusal(headers: Mapping[str, str], status: int, code: str, words: str) -> Answer:
    """An error as XML for the query protocol, as JSON for the others."""
    if _is_form(headers):
        inner = f"<Type>Sender</Type><Code>{code}</Code><Message>{escape(words)}</Message>"
        text = f"<ErrorResponse><Error>{inner}</Error></ErrorResponse>"
        return status, {"Content-Type": "text/xml"}, text.encode()
    kinds = {"Content-Type": "application/json", "x-amzn-ErrorType": code}
    return status, kinds, json.dumps({"__type": code, "message": words}).encode()


def _is_form(headers: Mapping[str, str]) -> bool:
    return "x-www-form-urlencoded" in headers.get("content-type", "")
