"""Carry a session's bytes; statements that only Aurora knows are replaced on their way to the server."""

from __future__ import annotations

import asyncio
import ssl
import struct
from contextlib import suppress

from aurora_cfn.local.front.accept import CHUNK, Streams, carry, until_one_ends
from aurora_cfn.local.mysql.secret import with_token_users

LONGEST_READ = 65_536
"""Bytes of a statement that is looked at; one that creates a user is short."""
STATEMENTS = frozenset({0x03, 0x16})
"""COM_QUERY and COM_STMT_PREPARE: the commands whose packet is a statement."""


async def relay(client: Streams, server: Streams, token_password: str) -> None:
    """Carry bytes in both directions until either side ends."""
    await until_one_ends(_statements(client[0], server[1], token_password), carry(server[0], client[1]))


async def _statements(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token_password: str) -> None:
    # The end of the connection is the usual end of a session.
    with suppress(OSError, ssl.SSLError, asyncio.IncompleteReadError):
        while True:
            head = await reader.readexactly(4)
            length = int.from_bytes(head[:3], "little")
            # Number 0 begins a command; later packets belong to one, such as the text of LOAD DATA LOCAL.
            if head[3] == 0 and length <= LONGEST_READ:
                payload = await reader.readexactly(length)
                if payload[:1] and payload[0] in STATEMENTS:
                    payload = with_token_users(payload, token_password)
                writer.write(struct.pack("<I", len(payload))[:3] + head[3:] + payload)
            else:
                writer.write(head)
                await _exactly(reader, writer, length)
            await writer.drain()


async def _exactly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, length: int) -> None:
    while length:
        chunk = await reader.readexactly(min(length, CHUNK))
        writer.write(chunk)
        await writer.drain()
        length -= len(chunk)
