"""From an accepted connection to a session: greeting, TLS, the endpoint's decision, the log-in, then the relay.

The server greets first, so its greeting, with its salt, is what the client gets: a password that the server checks is
passed on as it is. Where the client uses TLS the front does too, so that users with REQUIRE SSL can log in.
"""

from __future__ import annotations

import asyncio
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aurora_cfn.local.front.accept import Streams, accepting, direct_tls
from aurora_cfn.local.front.listener import Accept
from aurora_cfn.local.mysql.front import packets
from aurora_cfn.local.mysql.front.packets import Greeting, Packet, ProtocolError, Response, read_packet
from aurora_cfn.local.mysql.front.relay import relay

# A client that connects and says nothing is cut off; PostgreSQL gives it the same 60 s (authentication_timeout).
STARTUP_SECONDS = 60.0
MASKED = packets.COMPRESS | packets.ZSTD
"""What is not offered to clients: the relay reads the statements."""
# Numbers and SQLSTATEs of MySQL (Error Message Reference 8.0).
ACCESS_DENIED, NO_TLS, SHUTDOWN = (1045, "28000"), (3159, "HY000"), (1053, "08S01")


class DeniedError(Exception):
    """The session is refused, with MySQL's number, SQLSTATE and words."""

    def __init__(self, text: str, code: tuple[int, str] = ACCESS_DENIED) -> None:
        """All three go to the client."""
        super().__init__(text)
        self.code = code


@dataclass(slots=True)
class Client:
    """A client whose session has not begun; `number` is that of the next packet to it."""

    streams: Streams
    greeting: Greeting
    response: Response
    encrypted: bool
    number: int

    async def send(self, payload: bytes) -> None:
        """Send a packet with the next number."""
        self.streams[1].write(Packet(self.number, payload).wire)
        self.number += 1
        await self.streams[1].drain()

    async def ask(self, payload: bytes) -> bytes:
        """Send a packet; the payload of the client's next one."""
        await self.send(payload)
        answer = await read_packet(self.streams[0])
        self.number = answer.number + 1
        return answer.payload

    async def clear_text(self) -> str:
        """The password or token as text, asked for unless the client has sent it already."""
        if self.response.plugin == packets.CLEAR and self.response.secret:
            given = self.response.secret
        else:
            given = await self.ask(packets.switch(packets.CLEAR))
        return given.rstrip(b"\0").decode("utf-8", "replace")

    async def knows(self, password: str) -> bool:
        """Whether the client shows this password, without sending it as text."""
        given, salt = self.response.secret, self.greeting.salt
        if self.response.plugin != packets.NATIVE or not given:
            given = await self.ask(packets.switch(packets.NATIVE, salt + b"\0"))
        return given == packets.scrambled(packets.NATIVE, password, salt)


class Endpoint(Protocol):
    """Decides which sessions are admitted, and to which server."""

    async def server(self) -> Streams:
        """A new connection to the server; raises DeniedError or OSError."""

    async def admit(self, client: Client) -> str | None:
        """The password to log in with, or None where the server checks the client's own; raises DeniedError."""

    @property
    def token_password(self) -> str:
        """The password of users that the session creates with AWSAuthenticationPlugin."""


def session(endpoint: Endpoint, context: ssl.SSLContext, check: Callable[[str], bool]) -> Accept:
    """The callback of a listener that brings connections to an endpoint; `check` becomes `is_signed`."""
    return accepting(lambda streams: _serve(endpoint, streams, context), check, ProtocolError)


async def _serve(endpoint: Endpoint, streams: Streams, context: ssl.SSLContext) -> None:
    try:
        server = await endpoint.server()
    except DeniedError as denied:
        await _refuse(streams, 0, denied)
        return
    except OSError as error:
        await _refuse(streams, 0, DeniedError(f"the database is not available: {error}", SHUTDOWN))
        return
    try:
        found = packets.greeting((await read_packet(server[0])).payload)
        async with asyncio.timeout(STARTUP_SECONDS):
            client = await _greeted(streams, found, context)
        try:
            password = await endpoint.admit(client)
        except DeniedError as denied:
            await _refuse(streams, client.number, denied)
            return
        if client.encrypted:
            await _encrypt(server, client.response)
        if password is None:
            _send(server, client, _passed_on(client.response))
        elif not await _log_in(server, client, password):
            return
        await relay(streams, server, endpoint.token_password)
    finally:
        server[1].close()


async def _refuse(streams: Streams, number: int, denied: DeniedError) -> None:
    streams[1].write(Packet(number, packets.error(*denied.code, str(denied))).wire)
    await streams[1].drain()


async def _greeted(streams: Streams, found: Greeting, context: ssl.SSLContext) -> Client:
    offered = (found.capabilities | packets.SSL | packets.PLUGIN_AUTH) & ~MASKED
    streams[1].write(Packet(0, found.offering(offered)).wire)
    first = await read_packet(streams[0])
    if len(first.payload) < 4:
        raise ProtocolError("no answer to the greeting")
    (flags,) = struct.unpack("<I", first.payload[:4])
    encrypted = len(first.payload) <= packets.FIXED and bool(flags & packets.SSL)
    if encrypted:
        await direct_tls(*streams, context)
        first = await read_packet(streams[0])
    return Client(streams, found, packets.response(first.payload), encrypted, first.number + 1)


async def _encrypt(server: Streams, answer: Response) -> None:
    """TLS to the server, as the client has it to the front; nothing to verify: the socket is in our own folder."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    server[1].write(Packet(1, answer.head).wire)
    await server[1].drain()
    await server[1].start_tls(context)


def _passed_on(answer: Response) -> bytes:
    """The client's own proof, in the form that needs no length-encoded integer unless it is long."""
    if len(answer.secret) > 255:
        raise ProtocolError("a proof of more than 255 bytes")
    return answer.with_secret(answer.secret, answer.plugin)


def _send(server: Streams, client: Client, payload: bytes) -> None:
    server[1].write(Packet(2 if client.encrypted else 1, payload).wire)


async def _log_in(server: Streams, client: Client, password: str) -> bool:
    """Whether the server let the client's user in; its answer is sent on."""
    plugin, salt = client.greeting.plugin, client.greeting.salt
    secret = packets.scrambled(plugin, password, salt)
    _send(server, client, client.response.with_secret(secret, plugin))
    while True:
        answer = await read_packet(server[0])
        kind, rest = answer.payload[:1], answer.payload[1:]
        # 0xFE asks for another method, 0x01 for more data; 0x00 is success and 0xFF a refusal, which end the log-in.
        if kind == b"\xfe":
            name, _, data = rest.partition(b"\0")
            proof = packets.scrambled(name.decode(), password, data.rstrip(b"\0"))
            server[1].write(Packet(answer.number + 1, proof).wire)
        elif kind == b"\x01" and rest == b"\x04":  # caching_sha2_password: not in the cache, send it as text
            server[1].write(Packet(answer.number + 1, password.encode() + b"\0").wire)
        elif kind != b"\x01":
            await client.send(answer.payload)
            return kind == b"\0"
