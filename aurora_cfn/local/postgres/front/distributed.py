"""The endpoint of an Aurora DSQL cluster: IAM tokens only, and DSQL's dialect in front of a PostgreSQL.

The dialect is ministack's: it answers as DSQL where DSQL differs, and forwards the rest. It trusts the
user name that a client sends and logs in as one user; here the token is checked first, and the session belongs to the
client's own role.
"""

from __future__ import annotations

import asyncio
import contextvars
import re
import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ministack.core import pgproxy

from aurora_cfn.local.dsql import dialect, limits
from aurora_cfn.local.dsql.session import Session
from aurora_cfn.local.front.accept import Streams
from aurora_cfn.local.front.token import DISTRIBUTED, opens
from aurora_cfn.local.postgres.administration import administrator
from aurora_cfn.local.postgres.front.endpoints import ask_password, shown_at
from aurora_cfn.local.postgres.front.messages import Startup, read_message, startup
from aurora_cfn.local.postgres.front.session import DeniedError
from aurora_cfn.local.postgres.server import PostgresServer
from aurora_cfn.local.replacing import Inner, replace
from aurora_cfn.local.servers.engine import Awake
from aurora_cfn.model.resource_types import DSQL_ADMIN
from aurora_cfn.sqltext.quoting import literal

REFUSED = "28000"
_sessions: set[asyncio.Task[None]] = set()
_user: contextvars.ContextVar[str] = contextvars.ContextVar("dsql_user")
_server: contextvars.ContextVar[PostgresServer] = contextvars.ContextVar("dsql_server")
_open: dict[int, Session] = {}
"""The sessions of all clusters by the process ids of their backends."""
_prepared: set[Path] = set()
GRANT = re.compile(
    r"""^\s*AWS\s+IAM\s+(?P<verb>GRANT|REVOKE)\s+(?P<role>"(?:[^"]|"")+"|\w+)\s+(?:TO|FROM)\s+'(?P<arn>[^']*)'\s*;?\s*$""",
    re.IGNORECASE,
)
SYSTEM = """
    CREATE SCHEMA IF NOT EXISTS sys;
    CREATE TABLE IF NOT EXISTS sys.iam_pg_role_mappings (
        pg_role_oid oid, pg_role_name text, arn text, grantor_pg_role_oid oid, grantor_pg_role_name text,
        PRIMARY KEY (pg_role_name, arn)
    );
    GRANT USAGE ON SCHEMA sys TO PUBLIC;
    GRANT SELECT ON sys.iam_pg_role_mappings TO PUBLIC;
    GRANT ALL ON sys.iam_pg_role_mappings TO admin;
    ALTER DATABASE postgres OWNER TO admin;
    ALTER DATABASE postgres SET default_transaction_isolation = 'repeatable read';
"""


@dataclass(frozen=True, slots=True)
class DsqlEndpoint:
    """A cluster by its identifier and region."""

    database: Awake[PostgresServer]
    name: str
    region: str

    async def admit(self, client: Streams, startup: Startup, *, encrypted: bool) -> Streams:
        """Check the token, then put the dialect between the client and the server."""
        if not encrypted:
            raise DeniedError(REFUSED, "unable to accept connection, SSL is required")
        server = await asyncio.to_thread(self.database.wake)
        if server.folder not in _prepared:  # made by an older version of this program
            await asyncio.to_thread(prepare, server)
        token = await ask_password(client)
        known = await asyncio.to_thread(_may_enter, server, startup.user)
        names = frozenset({f"{self.name}.dsql.{self.region}.on.aws"})
        if not known or not opens(token, startup.user, shown_at(client), self.region, DISTRIBUTED, names):
            raise DeniedError(REFUSED, f"unable to accept connection, access denied for {startup.user}")
        await asyncio.to_thread(server.trust_token, startup.user, trusted=True)
        return await self._between(server, startup)

    async def _between(self, server: PostgresServer, wanted: Startup) -> Streams:
        ours, theirs = await _joined()
        context = contextvars.copy_context()
        context.run(_user.set, wanted.user)
        context.run(_server.set, server)
        work = pgproxy._handle_client(self.name, str(server.socket), 0, *theirs)
        task = _keep(asyncio.get_running_loop().create_task(work, context=context))
        task.add_done_callback(lambda _: ours[1].close())
        ours[1].write(startup(wanted.parameters))
        return ours

    def reword(self, chunk: bytes) -> bytes:
        """As it is: DSQL has no CREATE EXTENSION."""
        return chunk

    async def cancel(self, startup: Startup) -> None:
        """DSQL ignores requests to cancel here: the dialect gives out keys that mean nothing."""


def prepare(server: PostgresServer) -> None:
    """What a DSQL cluster has that a PostgreSQL has not; doing it again changes nothing."""
    with administrator(server) as cursor:
        cursor.execute(SYSTEM + limits.SQL)
    _prepared.add(server.folder)


def extend_dialect() -> None:
    """Make ministack's dialect log in at the private socket as the client's role, and understand AWS IAM GRANT."""
    dialect.install()
    pgproxy._connect_backend = _log_in
    replace(pgproxy, "_handle_query", lambda inner, conn, sql, *more: inner(conn, granted(sql), *more))
    replace(pgproxy, "_ext_parse", _parse)


async def _parse(inner: Inner, conn: Any, payload: bytes, *more: Any) -> Any:
    name, sql, rest = payload.split(b"\0", 2)
    return await inner(conn, b"\0".join((name, granted(sql.decode()).encode(), rest)), *more)


def granted(sql: str) -> str:
    """`AWS IAM GRANT role TO 'arn'` and its REVOKE as the change of the table that they are; the rest as it is."""
    match = GRANT.match(sql)
    if match is None:
        return sql
    role = match["role"]
    name = role[1:-1].replace('""', '"') if role.startswith('"') else role.lower()
    text, arn = literal(name), literal(match["arn"])
    if match["verb"].upper() == "GRANT":
        return (
            "INSERT INTO sys.iam_pg_role_mappings (pg_role_oid, pg_role_name, arn) "
            f"VALUES ({text}::regrole, {text}, {arn})"
        )
    return f"DELETE FROM sys.iam_pg_role_mappings WHERE pg_role_name = {text} AND arn = {arn}"


def _may_enter(server: PostgresServer, user: str) -> bool:
    if user == DSQL_ADMIN:
        return True
    with administrator(server) as cursor:
        cursor.execute("SELECT 1 FROM sys.iam_pg_role_mappings WHERE pg_role_name = %s", (user,))
        return cursor.fetchone() is not None


async def _log_in(place: str, _port: int, database: str, *_: Any) -> Streams:
    """A session of the client's role, with DSQL's transactions between the dialect and the server."""
    backend = await asyncio.open_unix_connection(place)
    backend[1].write(startup({"user": _user.get(), "database": database}))
    pid = 0
    while True:
        kind, payload = await read_message(backend[0])
        if kind == b"E":
            raise RuntimeError(f"backend startup failed: {payload!r}")
        if kind == b"K":
            (pid,) = struct.unpack("!I", payload[:4])
        # ReadyForQuery: the log-in is over.
        if kind == b"Z":
            break
    # The dialect reads and writes streams: the session stands between its end and the server's.
    ours, theirs = await _joined()
    _keep(asyncio.get_running_loop().create_task(Session(theirs, backend, pid, _server.get(), _open).run()))
    return ours


async def _joined() -> tuple[Streams, Streams]:
    """Two ends that lead to each other."""
    near, far = socket.socketpair()
    return await asyncio.open_connection(sock=near), await asyncio.open_connection(sock=far)


def _keep(task: asyncio.Task[None]) -> asyncio.Task[None]:
    """Keep a task until it ends: the loop alone does not keep it from being collected."""
    _sessions.add(task)
    task.add_done_callback(_sessions.discard)
    return task
