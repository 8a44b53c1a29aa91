"""TLS without PostgreSQL's question for it: clients of libpq 17 may begin with the handshake (sslnegotiation=direct).

Source: PostgreSQL 17 manual, "Frontend/Backend Protocol", section "SSL Session Encryption". AWS's connectors for Aurora
DSQL do so.
"""

from __future__ import annotations

import asyncio
import ssl
import struct

HANDSHAKE = b"\x16"
"""The first byte of a TLS record that begins a handshake."""
HEADER_REST = 4


async def direct_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext) -> None:
    """Encrypt the connection, of whose first record the first byte has been read."""
    head = HANDSHAKE + await reader.readexactly(HEADER_REST)
    (length,) = struct.unpack("!H", head[3:])
    hello = head + await reader.readexactly(length)
    loop = asyncio.get_running_loop()
    # asyncio gives its TLS layer only what arrives from now on: the greeting is put in as soon as the layer is there.
    loop.call_soon(loop.call_soon, _feed, writer.transport, hello)
    await writer.start_tls(context)


def _feed(transport: asyncio.WriteTransport, data: bytes) -> None:
    layer = transport.get_protocol()
    assert isinstance(layer, asyncio.BufferedProtocol)
    memoryview(layer.get_buffer(len(data)))[: len(data)] = data
    layer.buffer_updated(len(data))
