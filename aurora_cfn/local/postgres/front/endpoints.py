"""The endpoints of a database itself, and of an RDS Proxy in front of it."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from dataclasses import dataclass

from aurora_cfn.local.front.accept import Streams
from aurora_cfn.local.front.token import opens, region_of
from aurora_cfn.local.postgres.administration import logs_in_by_token
from aurora_cfn.local.postgres.extensions import reworded
from aurora_cfn.local.postgres.front.messages import Startup, authentication, message, read_message, startup
from aurora_cfn.local.postgres.front.session import DeniedError
from aurora_cfn.local.postgres.server import PostgresServer
from aurora_cfn.local.servers.engine import Awake, ProxyRules, Rules

# Kinds of authentication requests (PostgreSQL 17 manual, "Message Formats").
PASSWORD_AS_TEXT = 3
SASL, SASL_CONTINUE, SASL_FINAL = 10, 11, 12
MECHANISM = "SCRAM-SHA-256"
# SQLSTATEs: invalid_authorization_specification and invalid_password.
INVALID_AUTHORIZATION, INVALID_PASSWORD = "28000", "28P01"


@dataclass(frozen=True, slots=True)
class DatabaseEndpoint:
    """Straight to the server; users with the role rds_iam show a token instead of a password."""

    database: Awake[PostgresServer]
    rules: Callable[[], Rules]

    async def admit(self, client: Streams, startup: Startup, *, encrypted: bool) -> Streams:
        """The server asks for the password itself, unless a token was shown here."""
        rules = self.rules()
        if rules.closed:
            raise DeniedError("57P03", rules.closed)
        _refuse_plain(startup, encrypted=encrypted, force_tls=rules.force_tls)
        server = await asyncio.to_thread(self.database.wake)
        by_token = rules.tokens and await asyncio.to_thread(logs_in_by_token, server, startup.user)
        if by_token:
            _refuse_plain(startup, encrypted=encrypted, force_tls=True)
            token = await ask_password(client)
            if not opens(token, startup.user, shown_at(client), region_of(self.database.key)):
                raise DeniedError(INVALID_AUTHORIZATION, f'PAM authentication failed for user "{startup.user}"')
        # Also when no token was asked for: rds_iam may have been revoked since the last session.
        await asyncio.to_thread(server.trust_token, startup.user, trusted=by_token)
        streams = await _connect(server)
        streams[1].write(startup.packet)
        return streams

    def reword(self, chunk: bytes) -> bytes:
        """An absent extension is said in one sentence."""
        return reworded(chunk, self.database.server.binaries.title)

    async def cancel(self, startup: Startup) -> None:
        """Only a server that runs has a statement to cancel."""
        await _hand_on(await asyncio.to_thread(self.database.wake), startup)


@dataclass(frozen=True, slots=True)
class ProxyEndpoint:
    """The proxy logs in to the database with the secret of the user in the client's startup packet."""

    target: Callable[[], Awake[PostgresServer] | None]
    rules: Callable[[], ProxyRules]

    async def admit(self, client: Streams, startup: Startup, *, encrypted: bool) -> Streams:
        """Check the client by the proxy's rules, then open its own session for it."""
        rules = await asyncio.to_thread(self.rules)
        if rules.force_tls and not encrypted:
            raise DeniedError(INVALID_AUTHORIZATION, "This RDS Proxy requires TLS connections")
        target = self.target()
        if target is None:
            raise DeniedError(
                "57P01", "Proxy has no available target: timed-out waiting to acquire database connection"
            )
        if startup.user not in rules.passwords:
            raise DeniedError(INVALID_AUTHORIZATION, f"This RDS proxy has no credentials for the role {startup.user}. "
                         "Check the credentials for this role and try again.")  # fmt: skip
        given = await ask_password(client)
        if rules.tokens.get(startup.user):
            right = opens(given, startup.user, shown_at(client), region_of(target.key))
        else:
            right = given == rules.passwords[startup.user]
        if not right:
            raise DeniedError(INVALID_PASSWORD, f'password authentication failed for user "{startup.user}"')
        server = await asyncio.to_thread(target.wake)
        return await log_in(server, client, startup, rules.passwords[startup.user])

    def reword(self, chunk: bytes) -> bytes:
        target = self.target()
        return reworded(chunk, target.server.binaries.title) if target else chunk

    async def cancel(self, startup: Startup) -> None:
        """Pass it on to the database."""
        target = self.target()
        if target:
            await _hand_on(await asyncio.to_thread(target.wake), startup)


def shown_at(client: Streams) -> tuple[str, int]:
    """The address and port at which a client came in."""
    address, port = client[1].get_extra_info("sockname")[:2]
    return address, port


async def ask_password(client: Streams) -> str:
    """Ask for the password as text; the connection is on this machine or encrypted."""
    client[1].write(authentication(PASSWORD_AS_TEXT))
    await client[1].drain()
    kind, payload = await read_message(client[0])
    if kind != b"p":
        raise DeniedError("08P01", "expected a password")
    return payload.rstrip(b"\0").decode("utf-8", "replace")


async def log_in(server: PostgresServer, client: Streams, wanted: Startup, password: str) -> Streams:
    """A session of the client's user at the server, and the server's answer sent on to the client."""
    from scramp import ScramClient

    streams = await _connect(server)
    streams[1].write(startup(wanted.parameters))
    exchange = ScramClient([MECHANISM], wanted.user, password)
    while True:
        kind, payload = await read_message(streams[0])
        (step,) = struct.unpack("!I", payload[:4]) if kind == b"R" else (None,)
        if step == SASL:
            first = exchange.get_client_first().encode()
            text = MECHANISM.encode() + b"\0" + struct.pack("!I", len(first)) + first
            streams[1].write(message(b"p", text))
        elif step == SASL_CONTINUE:
            exchange.set_server_first(payload[4:].decode())
            streams[1].write(message(b"p", exchange.get_client_final().encode()))
        elif step == SASL_FINAL:
            exchange.set_server_final(payload[4:].decode())
        else:  # all is well, or an error in the server's own words
            client[1].write(message(kind, payload))
            return streams


def _refuse_plain(startup: Startup, *, encrypted: bool, force_tls: bool) -> None:
    if force_tls and not encrypted:
        who = f'host "127.0.0.1", user "{startup.user}", database "{startup.database}"'
        raise DeniedError(INVALID_AUTHORIZATION, f"no pg_hba.conf entry for {who}, no encryption")


async def _connect(server: PostgresServer) -> Streams:
    return await asyncio.open_unix_connection(str(server.socket))


async def _hand_on(server: PostgresServer, packet: Startup) -> None:
    _, writer = await _connect(server)
    writer.write(packet.packet)
    await writer.drain()
    writer.close()
