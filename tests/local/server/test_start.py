"""The server answers only once it has opened again what it kept, and does not start where that fails."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aurora_cfn.local.server.assembly import after_boot


def refuse() -> None:
    raise OSError("no room")


@pytest.mark.parametrize(
    ("work", "wanted"),
    [
        (lambda: None, {"type": "lifespan.startup.complete"}),
        (refuse, {"type": "lifespan.startup.failed", "message": "no room"}),
    ],
)
def test_a_failure_of_the_start_is_the_end_of_the_server(work: Any, wanted: dict[str, str]) -> None:
    sent: list[Any] = []

    async def inner(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "lifespan.startup.complete"})

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(after_boot(inner, work)({"type": "lifespan"}, None, send))  # type: ignore[arg-type]
    assert sent == [wanted]
