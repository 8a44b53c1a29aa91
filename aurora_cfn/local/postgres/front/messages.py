"""PostgreSQL's wire protocol 3.0, the part before a session begins.

Source: PostgreSQL 17 manual, chapter "Frontend/Backend Protocol", sections "Message Flow" and "Message Formats".
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

# Codes in place of a protocol version (PostgreSQL 17 manual, "Message Formats").
SSL_REQUEST = 80877103
GSS_REQUEST = 80877104
CANCEL_REQUEST = 80877102
PROTOCOL_MAJOR = 3
# The limits of PostgreSQL itself for what a client sends before it is known (MAX_STARTUP_PACKET_LENGTH,
# PG_MAX_AUTH_TOKEN_LENGTH).
LONGEST_STARTUP = 10_000
LONGEST_PASSWORD = 65_536


class ProtocolError(Exception):
    """The client did not speak the protocol."""


@dataclass(frozen=True, slots=True)
class Startup:
    """A startup packet as it came, and the parameters in it."""

    code: int
    packet: bytes
    parameters: dict[str, str]

    @property
    def user(self) -> str:
        """The user of the session."""
        return self.parameters.get("user", "")

    @property
    def database(self) -> str:
        """The database; the user's name when none is given."""
        return self.parameters.get("database") or self.user


async def read_startup(reader: asyncio.StreamReader, first: bytes = b"") -> Startup:
    """The next packet of a connection that has not begun; `first` is what has been read of it."""
    length, code = struct.unpack("!II", first + await reader.readexactly(8 - len(first)))
    if not 8 <= length <= LONGEST_STARTUP:
        raise ProtocolError(f"invalid length of startup packet: {length}")
    rest = await reader.readexactly(length - 8)
    words = rest.split(b"\0") if code >> 16 == PROTOCOL_MAJOR else []
    pairs = zip(words[::2], words[1::2], strict=False)
    parameters = {name.decode("utf-8", "replace"): value.decode("utf-8", "replace") for name, value in pairs if name}
    return Startup(code, struct.pack("!II", length, code) + rest, parameters)


async def read_message(reader: asyncio.StreamReader, longest: int = LONGEST_PASSWORD) -> tuple[bytes, bytes]:
    """The kind and the payload of the next message."""
    kind = await reader.readexactly(1)
    (length,) = struct.unpack("!I", await reader.readexactly(4))
    if not 4 <= length <= longest:
        raise ProtocolError(f"invalid message length {length}")
    return kind, await reader.readexactly(length - 4)


def message(kind: bytes, payload: bytes) -> bytes:
    """One message."""
    return kind + struct.pack("!I", len(payload) + 4) + payload


def startup(parameters: dict[str, str]) -> bytes:
    """A startup packet with these parameters."""
    words = b"".join(f"{name}\0{value}\0".encode() for name, value in parameters.items()) + b"\0"
    return struct.pack("!II", len(words) + 8, PROTOCOL_MAJOR << 16) + words


def fatal(code: str, text: str) -> bytes:
    """The error that ends a connection, with its SQLSTATE."""
    fields = {"S": "FATAL", "V": "FATAL", "C": code, "M": text}
    return message(b"E", b"".join(f"{kind}{value}\0".encode() for kind, value in fields.items()) + b"\0")


def authentication(kind: int) -> bytes:
    """An authentication request; kind 0 is success, 3 requests the password as text."""
    return message(b"R", struct.pack("!I", kind))
