"""A server that speaks just enough of MySQL's protocol: greeting, TLS, mysql_native_password, and OK for statements."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass, field
from pathlib import Path

from aurora_cfn.local.mysql.front import packets
from aurora_cfn.local.mysql.front.packets import Packet, read_packet, scrambled

SALT = b"abcdefghijklmnopqrst"
OFFERED = (
    packets.CONNECT_WITH_DB | packets.COMPRESS | packets.SECURE_CONNECTION | packets.PLUGIN_AUTH | packets.CONNECT_ATTRS
    | 1 << 9 | 1 << 13 | 1
)  # fmt: skip
OK = b"\0\0\0\x02\0\0\0"


def hello(capabilities: int = OFFERED, plugin: str = packets.NATIVE) -> bytes:
    low, high = struct.pack("<H", capabilities & 0xFFFF), struct.pack("<H", capabilities >> 16)
    head = b"\x0a8.0.40\0" + struct.pack("<I", 7) + SALT[:8] + b"\0"
    return head + low + b"\x2d\x02\0" + high + bytes([21]) + b"\0" * 10 + SALT[8:] + b"\0" + plugin.encode() + b"\0"


@dataclass
class FakeServer:
    """Users by their passwords; `statements` are those that arrived."""

    socket: Path
    passwords: dict[str, str]
    statements: list[bytes] = field(default_factory=list)
    users: list[str] = field(default_factory=list)

    async def start(self) -> asyncio.Server:
        return await asyncio.start_unix_server(self._serve, str(self.socket))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(Packet(0, hello()).wire)
        answer = await read_packet(reader)
        found = packets.response(answer.payload)
        number = answer.number + 1
        if found.secret != scrambled(packets.NATIVE, self.passwords.get(found.user, "?"), SALT):
            writer.write(Packet(number, packets.error(1045, "28000", f"Access denied for user '{found.user}'")).wire)
            writer.close()
            return
        self.users.append(found.user)
        writer.write(Packet(number, OK).wire)
        while True:
            try:
                command = await read_packet(reader, 1 << 24)
            except asyncio.IncompleteReadError:
                return
            self.statements.append(command.payload)
            writer.write(Packet(1, OK).wire)
