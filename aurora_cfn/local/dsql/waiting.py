"""Which backends a backend waits for, and how one is freed: asked of PostgreSQL over a connection of its own."""

from __future__ import annotations

import asyncio

from aurora_cfn.local.postgres.administration import administrator
from aurora_cfn.local.postgres.server import PostgresServer


async def blockers(server: PostgresServer, pid: int) -> list[int]:
    """The process ids of those it waits for."""

    def ask() -> list[int]:
        with administrator(server) as cursor:
            cursor.execute("SELECT pg_blocking_pids(%s)", (pid,))
            found: list[int] = cursor.fetchone()[0]
            return found

    return await asyncio.to_thread(ask)


async def cancel(server: PostgresServer, pid: int) -> None:
    """Cancel the statement that it runs."""

    def ask() -> None:
        with administrator(server) as cursor:
            cursor.execute("SELECT pg_cancel_backend(%s)", (pid,))

    await asyncio.to_thread(ask)
