"""HTTP APIs from an OpenAPI body, as SAM writes them: each path and method becomes a route with its integration.

ministack 1.5.33 ignores the body, so that every request of such an API is answered with 404.
Source: API Gateway Developer Guide, "OpenAPI extensions for HTTP APIs", read 2026-11.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.services import apigateway
from ministack.services.cloudformation import provisioners

from aurora_cfn.local.query import json_of
from aurora_cfn.local.replacing import Inner, replace_rows
from aurora_cfn.local.types.handlers import Created, Properties

API = "AWS::ApiGatewayV2::Api"
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch"})
ANY = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"
NAMES = {
    "type": "integrationType", "uri": "integrationUri", "httpMethod": "integrationMethod",
    "payloadFormatVersion": "payloadFormatVersion", "timeoutInMillis": "timeoutInMillis",
}  # fmt: skip
"""Fields of an integration in OpenAPI, and in the API."""


def complete() -> None:
    """Let creation and update follow the body."""
    replace_rows(provisioners._RESOURCE_HANDLERS[API], {"create": _creating, "update": _updating})


def routes(body: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The key of each route and its integration, as CreateRoute and CreateIntegration take them."""
    for path, methods in (body.get("paths") or {}).items():
        for method, operation in (methods or {}).items():
            integration = (operation or {}).get(INTEGRATION) if method in METHODS | {ANY} else None
            if not integration:
                continue
            verb = "ANY" if method == ANY else method.upper()
            key = "$default" if path in ("/$default", "$default") else f"{verb} {path}"
            found = {name: integration[field] for field, name in NAMES.items() if field in integration}
            yield key, found | {"integrationType": str(integration.get("type", "aws_proxy")).upper()}


def _creating(inner: Inner, logical_id: str, properties: Properties, stack: str) -> Created:
    body = _body(properties)
    title = (body.get("info") or {}).get("title")
    named = {"Name": title, "ProtocolType": "HTTP"} if body and title else {}
    api, attributes = inner(logical_id, {**named, **properties}, stack)
    _put(api, body)
    return api, attributes


def _updating(inner: Inner, physical_id: str, old: Properties, new: Properties, *more: Any) -> Created:
    api, attributes = inner(physical_id, old, new, *more)
    if _body(old) != _body(new) and _body(new):
        _put(api, _body(new))
    return api, attributes


def _put(api: str, body: Mapping[str, Any]) -> None:
    if not body:
        return
    # The body is the whole API: what an earlier one made goes.
    apigateway._routes.setdefault(api, {}).clear()
    apigateway._integrations.setdefault(api, {}).clear()
    for key, integration in routes(body):
        made = json_of("ApiGatewayV2", apigateway._create_integration(api, integration))
        route = {"routeKey": key, "target": f"integrations/{made['integrationId']}"}
        json_of("ApiGatewayV2", apigateway._create_route(api, route))


def _body(properties: Properties) -> dict[str, Any]:
    found = properties.get("Body") or {}
    return dict(json.loads(found) if isinstance(found, str) else found)
