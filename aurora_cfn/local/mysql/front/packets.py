"""MySQL's client/server protocol, the part before a session begins.

Source: MySQL Server source documentation, "Client/Server Protocol", pages of Protocol::Handshake, AuthSwitchRequest
and the authentication methods.
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

from pymysql._auth import scramble_caching_sha2, scramble_native_password

CONNECT_WITH_DB, COMPRESS, SSL = 1 << 3, 1 << 5, 1 << 11
SECURE_CONNECTION, PLUGIN_AUTH, CONNECT_ATTRS, LENENC_AUTH, ZSTD = 1 << 15, 1 << 19, 1 << 20, 1 << 21, 1 << 26
"""Capabilities, by the bits of both sides' flags."""
NATIVE, CLEAR, SHA2 = "mysql_native_password", "mysql_clear_password", "caching_sha2_password"
LONGEST = 65_536
"""Bytes of a packet before the session begins; a token has about 1,500."""
FIXED = 32
"""Bytes of a response before the user's name; a request for TLS is no longer than that."""


class ProtocolError(Exception):
    """The client did not speak the protocol."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet: its number in the exchange, and what it carries."""

    number: int
    payload: bytes

    @property
    def wire(self) -> bytes:
        """The packet as it is sent."""
        # Lengths have three bytes on the wire.
        return struct.pack("<I", len(self.payload))[:3] + bytes([self.number % 256]) + self.payload


async def read_packet(reader: asyncio.StreamReader, longest: int = LONGEST) -> Packet:
    """The next packet; ProtocolError for one that is too long."""
    head = await reader.readexactly(4)
    length = int.from_bytes(head[:3], "little")
    if length > longest:
        raise ProtocolError(f"a packet of {length} bytes before the session")
    return Packet(head[3], await reader.readexactly(length))


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a server says first: `salt` is for scrambled passwords, `capabilities` is what it understands."""

    payload: bytes
    capabilities: int
    salt: bytes
    plugin: str
    _at: int
    """Where the lower two bytes of the capabilities are."""

    def offering(self, capabilities: int) -> bytes:
        """The same greeting with other capabilities."""
        low, high = struct.pack("<H", capabilities & 0xFFFF), struct.pack("<H", capabilities >> 16)
        text, at = self.payload, self._at
        return text[:at] + low + text[at + 2 : at + 5] + high + text[at + 7 :]


def greeting(payload: bytes) -> Greeting:
    """The parts of a greeting of protocol 10; ProtocolError for anything else, such as an error."""
    if payload[:1] != b"\x0a":
        raise ProtocolError("the server did not greet")
    # After the version: thread id (4 bytes), salt (8), a filler, and then the lower bytes of the capabilities.
    at = payload.index(b"\0", 1) + 1 + 4 + 8 + 1
    low, high = struct.unpack("<H", payload[at : at + 2])[0], struct.unpack("<H", payload[at + 5 : at + 7])[0]
    first = payload[at - 9 : at - 1]
    # The rest of the salt has 13 bytes even where the length says less; the last one is NUL.
    rest = max(13, payload[at + 7] - 8)
    second = payload[at + 18 : at + 18 + rest]
    plugin = payload[at + 18 + rest :].split(b"\0")[0].decode()
    return Greeting(payload, low | high << 16, first + second[:12], plugin, at)


@dataclass(frozen=True, slots=True)
class Response:
    """A client's answer to the greeting: `head` is its first 32 bytes, `attributes` what follows the plugin's name."""

    head: bytes
    user: str
    secret: bytes
    database: bytes
    plugin: str
    attributes: bytes

    @property
    def capabilities(self) -> int:
        """What the client understands and wants."""
        return int(struct.unpack("<I", self.head[:4])[0])

    def with_secret(self, secret: bytes, plugin: str) -> bytes:
        """The same answer with another proof of who the client is."""
        # Without LENENC_AUTH the length is one byte, which is enough for what is sent here.
        flags = (self.capabilities | SECURE_CONNECTION | PLUGIN_AUTH) & ~LENENC_AUTH
        parts = [struct.pack("<I", flags), self.head[4:], self.user.encode(), b"\0", bytes([len(secret)]), secret]
        if flags & CONNECT_WITH_DB:
            parts += [self.database, b"\0"]
        return b"".join([*parts, plugin.encode(), b"\0", self.attributes])


def response(payload: bytes) -> Response:
    """The parts of a client's answer; ProtocolError where it is cut off, or of the protocol before MySQL 4.1."""
    try:
        (flags,) = struct.unpack("<I", payload[:4])
        if not flags & PLUGIN_AUTH:
            raise ProtocolError("a client without authentication plugins")
        user, rest = payload[FIXED:].split(b"\0", 1)
        if flags & LENENC_AUTH:
            length, rest = _length(rest)
        else:
            length, rest = rest[0], rest[1:]
        secret, rest = rest[:length], rest[length:]
        database, rest = rest.split(b"\0", 1) if flags & CONNECT_WITH_DB else (b"", rest)
        plugin, _, attributes = rest.partition(b"\0")
    except (struct.error, ValueError, IndexError) as error:
        raise ProtocolError("a damaged answer to the greeting") from error
    return Response(payload[:FIXED], user.decode("utf-8", "replace"), secret, database, plugin.decode(), attributes)


def _length(data: bytes) -> tuple[int, bytes]:
    """A length-encoded integer and what follows it."""
    sizes = {0xFC: 2, 0xFD: 3, 0xFE: 8}
    size = sizes.get(data[0], 0)
    return (int.from_bytes(data[1 : 1 + size], "little") if size else data[0]), data[1 + size :]


def error(code: int, state: str, text: str) -> bytes:
    """The payload of an error, with MySQL's number and SQLSTATE."""
    return b"\xff" + struct.pack("<H", code) + b"#" + state.encode() + text.encode()


def switch(plugin: str, data: bytes = b"") -> bytes:
    """The payload that asks for another authentication method."""
    return b"\xfe" + plugin.encode() + b"\0" + data


def scrambled(plugin: str, password: str, salt: bytes) -> bytes:
    """What a client sends for its password; ProtocolError for a method that is not known here."""
    if plugin == NATIVE:
        return bytes(scramble_native_password(password.encode(), salt))
    if plugin == SHA2:
        return bytes(scramble_caching_sha2(password.encode(), salt))
    if plugin == CLEAR:
        return password.encode() + b"\0" if password else b""
    raise ProtocolError(f"an unknown authentication method {plugin}")
