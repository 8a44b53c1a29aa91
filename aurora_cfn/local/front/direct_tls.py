"""TLS that a client begins without waiting for an answer.

Clients of libpq 17 may begin with the handshake (sslnegotiation=direct; PostgreSQL 17 manual, "Frontend/Backend
Protocol", section "SSL Session Encryption"), as AWS's connectors for Aurora DSQL do; clients of MySQL send theirs right
after their request for TLS. Its first record may have been read already when asyncio's TLS layer is put in.
"""

from __future__ import annotations

import asyncio
import ssl
import struct

HANDSHAKE = b"\x16"
"""The first byte of a TLS record that begins a handshake."""
HEADER = 5


async def direct_tls(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext, begin: bytes = b""
) -> None:
    """Encrypt the connection; `begin` is what has been read of the client's first record."""
    head = begin + await reader.readexactly(HEADER - len(begin))
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
