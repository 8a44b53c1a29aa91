"""Events of API Gateway to answers: routes, refusals with a message, and internal errors with only a request id."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from .log import described, record
from .unavailable import UnavailableError

# More than a request of these APIs needs; API Gateway lets 10 MB through (quotas, payload size).
MOST_BYTES = 64 * 1024


class RefusalError(Exception):
    """The request is not valid; the message is for the caller."""

    def __init__(self, status: int, message: str) -> None:
        """Take the HTTP status and a sentence."""
        self.status = status
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Request:
    """The parts of an event that routes use, the same for HTTP and REST APIs."""

    route: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name in lower case, as an HTTP API sends them."""

    def json(self) -> Mapping[str, Any]:
        """The body as a JSON object; raises RefusalError for anything else."""
        if len(self.body.encode()) > MOST_BYTES:
            raise RefusalError(413, f"the body is larger than {MOST_BYTES} bytes")
        try:
            value = json.loads(self.body or "null")
        except ValueError:
            raise RefusalError(400, "the body is not JSON") from None
        if not isinstance(value, dict):
            raise RefusalError(400, "the body must be a JSON object")
        return value

    def limit(self, *, most: int = 100) -> int:
        """The query parameter `limit`, by default `most`."""
        text = self.query.get("limit", str(most))
        # Nine digits decide it: a longer text must not be converted as a whole.
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
            raise RefusalError(400, f"limit must be a whole number from 1 to {most}")
        return int(text)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a route."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Callable[[Request], Answer]


def request_from(event: Mapping[str, Any]) -> Request:
    """The request in an event of a REST API (payload 1.0) or an HTTP API (payload 2.0)."""
    # An HTTP API sends the route's key, a REST API the method and the pattern of the path.
    route = event.get("routeKey") or f"{event.get('httpMethod')} {event.get('resource')}"
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode("utf-8", errors="replace")
    path, query = event.get("pathParameters") or {}, event.get("queryStringParameters") or {}
    return Request(str(route), path, query, body, event.get("headers") or {})


def answered(event: Mapping[str, Any], context: Any, routes: Mapping[str, Route]) -> dict[str, Any]:
    """The answer for API Gateway; every error becomes a status, and its cause is only logged."""
    started = time.monotonic()
    request = request_from(event)
    request_id = str(getattr(context, "aws_request_id", ""))
    answer = _attempt(request, routes, request_id)
    elapsed = round((time.monotonic() - started) * 1000, 1)
    record("INFO", "answered", requestId=request_id, route=request.route, status=answer.status, milliseconds=elapsed)
    headers = {"content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff"}
    return {
        "statusCode": answer.status,
        "headers": headers | dict(answer.headers),
        "body": json.dumps(answer.body, default=_plain),
    }


def _attempt(request: Request, routes: Mapping[str, Route], request_id: str) -> Answer:
    try:
        if request.route not in routes:
            raise RefusalError(404, "there is nothing here")
        return routes[request.route](request)
    except RefusalError as refusal:
        return Answer({"error": str(refusal)}, refusal.status)
    except UnavailableError:
        body = {"error": "the database does not answer; try again", "requestId": request_id}
        return Answer(body, 503, {"retry-after": "2"})
    except Exception as error:  # the caller gets an id with which the cause can be found in the log
        record("ERROR", "the request failed", requestId=request_id, route=request.route, **described(error))
        return Answer({"error": "internal error", "requestId": request_id}, 500)


def _plain(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    return str(value.isoformat())
