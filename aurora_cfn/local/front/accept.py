"""What a listener calls with each connection: TLS that the client begins, the engine's own conversation, the relay.

Clients of libpq 17 may begin with the TLS handshake (sslnegotiation=direct; PostgreSQL 17 manual, "Frontend/Backend
Protocol", section "SSL Session Encryption"), as AWS's connectors for Aurora DSQL do; clients of MySQL send theirs right
after their request for TLS. Its first record may have been read already when asyncio's TLS layer is put in.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import struct
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from aurora_cfn.local.front.listener import Accept
from aurora_cfn.local.front.token import is_signed

logger = logging.getLogger("aurora_cfn.front")
CHUNK = 65_536
HANDSHAKE = b"\x16"
"""The first byte of a TLS record that begins a handshake."""
HEADER = 5  # bytes of a TLS record before its content: type, version, length (RFC 8446, 5.1)
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
    # Many clients close the connection without an end of TLS.
    with suppress(OSError, ssl.SSLError):
        while chunk := await reader.read(CHUNK):
            writer.write(change(chunk))
            await writer.drain()


async def direct_tls(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext, begin: bytes = b""
) -> None:
    """Encrypt the connection; `begin` is what has been read of the client's first record."""
    head = begin + await reader.readexactly(HEADER - len(begin))
    (length,) = struct.unpack("!H", head[3:])
    hello = head + await reader.readexactly(length)
    loop = asyncio.get_running_loop()
    # asyncio gives its TLS layer only what arrives from now on: the greeting is put in as soon as the layer is there.
    # Two turns of the loop from now, since start_tls puts it in within the first.
    loop.call_soon(loop.call_soon, _feed, writer.transport, hello)
    await writer.start_tls(context)


def _feed(transport: asyncio.WriteTransport, data: bytes) -> None:
    layer = transport.get_protocol()
    assert isinstance(layer, asyncio.BufferedProtocol)
    memoryview(layer.get_buffer(len(data)))[: len(data)] = data
    layer.buffer_updated(len(data))
