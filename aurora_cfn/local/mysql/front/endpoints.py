"""The endpoints of a MySQL database itself, and of an RDS Proxy in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aurora_cfn.local.front.accept import Streams
from aurora_cfn.local.front.token import opens, region_of
from aurora_cfn.local.mysql.administration import logs_in_by_token
from aurora_cfn.local.mysql.front.handshake import NO_TLS, SHUTDOWN, Client, DeniedError
from aurora_cfn.local.mysql.server import ADMINISTRATOR, MysqlServer
from aurora_cfn.local.servers.engine import Awake, ProxyRules, Rules

ENGINE_USERS = frozenset({ADMINISTRATOR, "root", "mysql", "mariadb.sys", "mysql.sys", "mysql.session"})
"""Users of the engine itself: in RDS no client may log in as one."""
INSECURE = "Connections using insecure transport are prohibited while --require_secure_transport=ON."


@dataclass(frozen=True, slots=True)
class DatabaseEndpoint:
    """Straight to the server; users with AWSAuthenticationPlugin show a token instead of a password."""

    database: Awake[MysqlServer]
    rules: Callable[[], Rules]

    @property
    def token_password(self) -> str:
        return self.database.server.token_password

    async def server(self) -> Streams:
        """A connection, unless the database is closed."""
        closed = self.rules().closed
        if closed:
            raise DeniedError(closed, SHUTDOWN)
        return await connected(self.database)

    async def admit(self, client: Client) -> str | None:
        """The server checks the password itself, unless a token is to be shown."""
        user, rules = client.response.user, self.rules()
        refuse_engine_users(user)
        if rules.force_tls and not client.encrypted:
            raise DeniedError(INSECURE, NO_TLS)
        by_token = await asyncio.to_thread(logs_in_by_token, self.database.server, user)
        if not by_token:
            return None
        if not (rules.tokens and client.encrypted and await shows_token(client, self.database.key)):
            raise denied(user)
        return self.database.server.token_password


@dataclass(frozen=True, slots=True)
class ProxyEndpoint:
    """The proxy logs in to the database with the secret of the client's user."""

    target: Callable[[], Awake[MysqlServer] | None]
    rules: Callable[[], ProxyRules]

    @property
    def token_password(self) -> str:
        target = self.target()
        return target.server.token_password if target else ""

    async def server(self) -> Streams:
        """A connection to the target."""
        target = self.target()
        if target is None:
            raise DeniedError("Proxy has no available target: timed-out waiting to acquire database connection",
                              (9501, "HY000"))  # fmt: skip
        return await connected(target)

    async def admit(self, client: Client) -> str | None:
        """Check the client by the proxy's rules; the secret's password logs it in."""
        user, rules = client.response.user, await asyncio.to_thread(self.rules)
        if rules.force_tls and not client.encrypted:
            raise DeniedError("This RDS Proxy requires TLS connections", NO_TLS)
        target = self.target()
        if target is None or user not in rules.passwords:
            raise DeniedError(f"This RDS proxy has no credentials for the role {user}. "
                              "Check the credentials for this role and try again.")  # fmt: skip
        password = rules.passwords[user]
        if rules.tokens.get(user):
            right = client.encrypted and await shows_token(client, target.key)
        else:
            right = await client.knows(password)
        if not right:
            raise denied(user)
        return password


def refuse_engine_users(user: str) -> None:
    """DeniedError for the engine's own users."""
    if user in ENGINE_USERS:
        raise denied(user)


def denied(user: str) -> DeniedError:
    """MySQL's own refusal."""
    return DeniedError(f"Access denied for user '{user}'@'127.0.0.1' (using password: YES)")


async def shows_token(client: Client, key: str) -> bool:
    """Whether the client shows a token for this user, region and address."""
    token = await client.clear_text()
    address = client.streams[1].get_extra_info("sockname")[:2]
    return opens(token, client.response.user, address, region_of(key))


async def connected(database: Awake[MysqlServer]) -> Streams:
    """A connection to the server's private socket; OSError when the server cannot be started."""
    server = await asyncio.to_thread(database.wake)
    return await asyncio.open_unix_connection(str(server.socket))
