from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.local.types.http_api import ANY, INTEGRATION, routes


def integration(**more: Any) -> dict[str, Any]:
    return {INTEGRATION: {"type": "aws_proxy", "uri": "u", "payloadFormatVersion": "2.0", **more}}


FOUND = {"integrationType": "AWS_PROXY", "integrationUri": "u", "payloadFormatVersion": "2.0"}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ({}, []),
        (None, []),
        ({"/hello": {"get": integration()}}, [("GET /hello", FOUND)]),
        ({"/x": {ANY: integration(httpMethod="POST")}}, [("ANY /x", FOUND | {"integrationMethod": "POST"})]),
        ({"/$default": {ANY: integration()}}, [("$default", FOUND)]),
        ({"/x": {"get": {"responses": {}}, "parameters": [], "post": None}}, []),
    ],
)  # fmt: skip
def test_each_path_and_method_with_an_integration_is_a_route(paths: Any, expected: list[Any]) -> None:
    assert list(routes({"paths": paths})) == expected
