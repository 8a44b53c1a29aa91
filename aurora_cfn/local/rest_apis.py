"""REST APIs from an OpenAPI document by the API of API Gateway, which Chalice and `aws apigateway` use.

ministack 1.5.33 imports a document for CloudFormation alone: ImportRestApi makes an API without a path, PutRestApi is
unknown, and a compression that is switched off is answered with an empty number, which SDKs cannot read.
Source: API Gateway API reference, ImportRestApi, PutRestApi, UpdateRestApi; read 2026-11.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ministack.services import apigateway_v1 as v1
from ministack.services.cloudformation import engine

from aurora_cfn.local.query import Answer
from aurora_cfn.local.server.unknown_requests import Handler

ONE = re.compile(r"/restapis/([^/]+)/?")
ENDPOINTS = "endpointConfigurationTypes"


def install(ministack: Any) -> None:
    """Stand before its handler of API Gateway."""
    ministack.SERVICE_HANDLERS["apigateway"] = importing(ministack.SERVICE_HANDLERS["apigateway"])


def importing(inner: Handler) -> Handler:
    """The same handler, with the calls that ministack lacks."""

    async def handle(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> Answer:
        one = ONE.fullmatch(path)
        if method == "POST" and path.rstrip("/") == "/restapis" and "mode" in query:
            return _imported(_document(body), query)
        if method == "PUT" and one:
            return _replaced(one[1], _document(body), first(query, "mode") == "merge")
        if method == "PATCH" and one:
            body = without_empty_numbers(body)
        return await inner(method, path, headers, body, query)

    return handle


def first(query: Mapping[str, Any], name: str) -> str:
    """One parameter of a query; empty when absent."""
    value = query.get(name) or ""
    return str(value[0] if isinstance(value, list) else value)


def without_empty_numbers(body: bytes) -> bytes:
    """The patch of an API; to switch compression off, its size is replaced by an empty text, and shown as none."""
    try:
        patch = json.loads(body)
    except ValueError:
        return body
    for row in patch.get("patchOperations") or ():
        if row.get("path") == "/minimumCompressionSize":
            row["value"] = int(row["value"]) if row.get("value") else None
    return json.dumps(patch).encode()


def _document(body: bytes) -> dict[str, Any]:
    found = engine.yaml.safe_load(body)  # JSON is YAML
    return found if isinstance(found, dict) else {}


def _imported(document: dict[str, Any], query: Mapping[str, Any]) -> Answer:
    kinds = first(query, ENDPOINTS)
    data = {"binaryMediaTypes": document.get("x-amazon-apigateway-binary-media-types", [])}
    if kinds:
        data["endpointConfiguration"] = {"types": kinds.split(",")}
    api_id = v1._import_rest_api(document, data)
    answer: Answer = v1._v1_response(v1._rest_api_view(v1._rest_apis[api_id]), 201)
    return answer


def _replaced(api_id: str, document: dict[str, Any], merges: bool) -> Answer:
    api = v1._rest_apis.get(api_id)
    refusal: Answer = v1._v1_error("NotFoundException", "Invalid API identifier specified", 404)
    if not api:
        return refusal
    if not merges:
        rows = v1._resources[api_id]
        for name in [name for name, row in rows.items() if row.get("path") != "/"]:
            del rows[name]
        for root in rows.values():
            root["resourceMethods"] = {}
        v1._authorizers_v1[api_id] = {}
        api["name"] = str((document.get("info") or {}).get("title") or api["name"])
    schemes = v1._import_security_schemes(api_id, document)
    for path, item in (document.get("paths") or {}).items():
        v1._import_path_item(api_id, path, item, schemes, document.get("security"))
    answer: Answer = v1._v1_response(v1._rest_api_view(api))
    return answer
