"""What is not emulated is said: the name of the operation, in the protocol of the request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from aurora_cfn.local.query import Answer
from aurora_cfn.local.rest_apis import first, without_empty_numbers
from aurora_cfn.local.server.unknown_requests import Handler, Handlers, catching, refusing

FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
TARGET = {"x-amz-target": "PerformanceInsightsv20180227.GetResourceMetrics"}


def asked(handler: Handler, headers: Mapping[str, str], body: bytes = b"", path: str = "/") -> Answer:
    async def ask() -> Answer:
        return await handler("GET", path, headers, body, {})

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("headers", "body", "said"),
    [
        (TARGET, b"{}", "not emulated: pi GetResourceMetrics (the local emulator has no pi)"),
        (
            FORM,
            b"Action=DescribeClusters&Version=1",
            "not emulated: pi DescribeClusters (the local emulator has no pi)",
        ),
        ({}, b"", "not emulated: pi GET /a/b (the local emulator has no pi)"),
    ],
)
def test_a_service_that_is_not_there(headers: dict[str, str], body: bytes, said: str) -> None:
    status, kinds, found = asked(refusing("pi"), headers, body, "/a/b")
    assert status == 400
    if headers is FORM:
        assert kinds["Content-Type"] == "text/xml"
        assert f"<Code>InvalidAction</Code><Message>{said}</Message>" in found.decode()
    else:
        assert json.loads(found) == {"__type": "InvalidAction", "message": said}


async def failing(*_: Any) -> Answer:
    raise KeyError("Key")


async def without_operation(*_: Any) -> Answer:
    return 404, {}, b'{"Message": "Function not found: /2021-07-20/functions/f/runtime"}'


async def without_action(*_: Any) -> Answer:
    return 400, {}, b'{"__type": "InvalidOperationException", "message": "Unknown action: ListAnomalies"}'


async def without_function(*_: Any) -> Answer:
    return 404, {}, b'{"Message": "Function not found: arn:aws:lambda:f"}'


@pytest.mark.parametrize(
    ("service", "handler", "status", "said"),
    [
        ("secretsmanager", failing, 501, "cannot answer this request of secretsmanager GetResourceMetrics: KeyError"),
        ("lambda", without_operation, 400, "not emulated: lambda GET /2021-07-20/functions/f/runtime"),
        (
            "logs",
            without_action,
            400,
            '{"__type": "UnknownOperationException", "message": "not emulated: logs ListAnomalies',
        ),
        ("lambda", without_function, 404, "Function not found: arn:aws:lambda:f"),
        ("other", without_operation, 404, "Function not found: /2021-07-20/functions/f/runtime"),
    ],
)
def test_what_a_service_cannot_do(service: str, handler: Handler, status: int, said: str) -> None:
    found = asked(catching(service, handler), TARGET)
    assert found[0] == status
    assert said in found[2].decode()


def test_a_missing_handler_refuses() -> None:
    handlers = Handlers({"there": failing})
    assert handlers.get("there") is failing
    assert asked(handlers.get("gone"), {})[0] == 400
    assert "gone" not in handlers


@pytest.mark.parametrize(
    ("path", "value", "kept"),
    [("/minimumCompressionSize", "", None), ("/minimumCompressionSize", "10", 10), ("/name", "", "")],
)
def test_a_compression_that_is_switched_off(path: str, value: str, kept: Any) -> None:
    patch = {"patchOperations": [{"op": "replace", "path": path, "value": value}]}
    found = json.loads(without_empty_numbers(json.dumps(patch).encode()))
    assert found["patchOperations"][0]["value"] == kept
    assert without_empty_numbers(b"no JSON") == b"no JSON"


def test_one_parameter_of_a_query() -> None:
    assert [first(row, "mode") for row in ({"mode": ["import"]}, {"mode": "merge"}, {})] == ["import", "merge", ""]
