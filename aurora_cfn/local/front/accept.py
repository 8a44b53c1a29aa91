"""What a listener calls with each connection, around the engine's own conversation, and the relay of a session."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from aurora_cfn.local.front.listener import Accept
from aurora_cfn.local.front.token import is_signed

logger = logging.getLogger("aurora_cfn.front")
CHUNK = 65_536
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def accepting(
    serve: Callable[[Streams], Awaitable[None]], check: Callable[[str], bool], protocol_error: type[Exception]
) -> Accept:
    """The callback of a listener; `check` becomes `is_signed`, and `protocol_error` means another protocol."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_signed.set(check)
        try:
            await serve((reader, writer))
        except (OSError, asyncio.IncompleteReadError, protocol_error, TimeoutError, ssl.SSLError):
            pass  # the client went away, or never spoke the engine's protocol
        except Exception:
            logger.exception("a session ended by a fault of ours")
        finally:
            writer.close()

    return accept


async def until_one_ends(*directions: Coroutine[Any, Any, None]) -> None:
    """Carry bytes in all directions until one of them ends."""
    tasks = [asyncio.ensure_future(direction) for direction in directions]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, change: Callable[[bytes], bytes] = lambda chunk: chunk
) -> None:
    """Send on what arrives until either side ends; `change` gets each chunk as it was read."""
    with suppress(OSError, ssl.SSLError):
        while chunk := await reader.read(CHUNK):
            writer.write(change(chunk))
            await writer.drain()
