"""From an accepted connection to a session: TLS, the startup packet, then the endpoint's decision and the relay."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Protocol

from aurora_cfn.local.front.accept import HANDSHAKE, Streams, accepting, carry, direct_tls, until_one_ends
from aurora_cfn.local.front.listener import Accept
from aurora_cfn.local.postgres.front.messages import (
    CANCEL_REQUEST,
    GSS_REQUEST,
    PROTOCOL_MAJOR,
    SSL_REQUEST,
    ProtocolError,
    Startup,
    fatal,
    read_startup,
)
from aurora_cfn.local.postgres.server import ADMINISTRATOR

# What PostgreSQL reads as false in the startup parameter `replication`.
NO_REPLICATION = frozenset({"false", "off", "no", "0", ""})
# As authentication_timeout of PostgreSQL.
STARTUP_SECONDS = 60.0


class DeniedError(Exception):
    """The session is refused, with PostgreSQL's SQLSTATE and words."""

    def __init__(self, code: str, text: str) -> None:
        """Both go to the client as a FATAL error."""
        super().__init__(text)
        self.code = code


class Endpoint(Protocol):
    """Decides which sessions are admitted, and to which server."""

    async def admit(self, client: Streams, startup: Startup, *, encrypted: bool) -> Streams:
        """The server's side of the session, its startup packet sent; raises DeniedError or OSError."""

    def reword(self, chunk: bytes) -> bytes:
        """What the server sends, as the client gets it."""

    async def cancel(self, startup: Startup) -> None:
        """Hand on a request to cancel a running statement."""


def session(endpoint: Endpoint, context: ssl.SSLContext, check: Callable[[str], bool]) -> Accept:
    """The callback of a listener that brings connections to an endpoint; `check` becomes `is_signed`."""
    return accepting(lambda streams: _serve(endpoint, streams, context), check, ProtocolError)


async def _serve(endpoint: Endpoint, client: Streams, context: ssl.SSLContext) -> None:
    async with asyncio.timeout(STARTUP_SECONDS):
        startup, encrypted = await _negotiate(client, context)
    if startup.code == CANCEL_REQUEST:
        await endpoint.cancel(startup)
        return
    try:
        refuse_engine_users(startup)
        server = await endpoint.admit(client, startup, encrypted=encrypted)
    except DeniedError as denied:
        client[1].write(fatal(denied.code, str(denied)))
    except OSError as error:
        client[1].write(fatal("57P03", f"the database system is not available: {error}"))
    else:
        await relay(client, server, endpoint.reword)
        return
    await client[1].drain()


def refuse_engine_users(startup: Startup) -> None:
    """DeniedError for the engine's own superuser and for replication: in RDS no client may use either."""
    if startup.user == ADMINISTRATOR or startup.parameters.get("replication", "false").lower() not in NO_REPLICATION:
        who = f'host "127.0.0.1", user "{startup.user}", database "{startup.database}"'
        raise DeniedError("28000", f"pg_hba.conf rejects connection for {who}")


async def _negotiate(client: Streams, context: ssl.SSLContext) -> tuple[Startup, bool]:
    reader, writer = client
    encrypted = False
    while True:
        first = await reader.readexactly(1)
        if first == HANDSHAKE and not encrypted:
            await direct_tls(reader, writer, context, first)
            encrypted = True
            continue
        startup = await read_startup(reader, first)
        if startup.code == SSL_REQUEST and not encrypted:
            writer.write(b"S")
            await writer.drain()
            await writer.start_tls(context)
            encrypted = True
        elif startup.code == GSS_REQUEST:
            # libpq asks for GSSAPI encryption first where Kerberos tickets are found; after N it asks for TLS.
            writer.write(b"N")
            await writer.drain()
        elif startup.code == CANCEL_REQUEST or startup.code >> 16 == PROTOCOL_MAJOR:
            return startup, encrypted
        else:
            raise ProtocolError(f"unsupported frontend protocol {startup.code >> 16}.{startup.code & 0xFFFF}")


async def relay(client: Streams, server: Streams, reword: Callable[[bytes], bytes]) -> None:
    """Carry bytes in both directions until either side ends; what the server sends goes through `reword`."""
    try:
        await until_one_ends(carry(client[0], server[1]), carry(server[0], client[1], reword))
    finally:
        server[1].close()
