from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import aurora_dsql_asyncpg as dsql
from cases import Cases, refused, same
from dsql import ADDRESS, AUTHORITY, PORT, REGION

cases = Cases()
URL = f"postgresql://{ADDRESS}:{PORT}/postgres?user=admin&region={REGION}"


async def connect() -> Any:
    return await dsql.connect(URL, ssl=ssl.create_default_context(cafile=AUTHORITY))


def case(topic: str, name: str) -> Callable[[Callable[[Any], Awaitable[None]]], None]:
    def take(work: Callable[[Any], Awaitable[None]]) -> None:
        async def run() -> None:
            connection = await connect()
            try:
                await work(connection)
            finally:
                await connection.close()

        cases.add(topic, name, lambda: asyncio.run(run()))

    return take


@case("connection", "a URL with the address and the region, verified")
async def connection(c: Any) -> None:
    same(await c.fetchval("select current_user"), "admin")


@case("types", "values in binary form")
async def types(c: Any) -> None:
    await c.execute("drop table if exists apg")
    await c.execute("create table apg (id int primary key, name text, seen timestamptz, data jsonb, n numeric)")
    await c.execute("insert into apg values ($1, $2, now(), $3, $4)", 1, "ä", '{"a": 1}', 5)
    row = await c.fetchrow("select name, data, n::int as n from apg where id = $1", 1)
    same((row["name"], row["data"], row["n"]), ("ä", '{"a": 1}', 5))


@case("nulls", "nulls")
async def nulls(c: Any) -> None:
    same(await c.fetchval("select $1::text", None), None)


@case("arrays", "arrays as parameters")
async def arrays(c: Any) -> None:
    same(await c.fetchval("select count(*) from apg where id = any($1::int[])", [1, 2]), 1)


@case("transactions", "commit, rollback and a conflict")
async def transactions(c: Any) -> None:
    other = await connect()
    one, two = c.transaction(), other.transaction()
    await one.start()
    await two.start()
    await c.execute("update apg set name = $1 where id = $2", "one", 1)
    await other.execute("update apg set name = $1 where id = $2", "two", 1)
    same(await other.fetchval("select name from apg where id = 1"), "two")
    await one.commit()
    with refused("OC000"):
        await two.commit()
    same(await c.fetchval("select name from apg where id = 1"), "one")
    await other.close()


@case("transactions", "a prepared statement that meets a conflict twice")
async def prepared(c: Any) -> None:
    other = await connect()
    change = await c.prepare("update apg set n = n + $1 where id = 1 returning n::int")
    for _ in range(2):
        before = await other.fetchval("select n::int from apg where id = 1")
        async with other.transaction():
            await other.execute("update apg set n = n + 100 where id = 1")
            mine = c.transaction()
            await mine.start()
            same(await change.fetchval(1), before + 1)
        with refused("OC000"):
            await mine.commit()
    await other.close()


@case("savepoints", "nested transactions are refused")
async def savepoints(c: Any) -> None:
    with refused("SAVEPOINT is not supported"):
        async with c.transaction(), c.transaction():
            pass


@case("batch", "executemany")
async def batch(c: Any) -> None:
    await c.executemany("insert into apg (id, name) values ($1, $2)", [(n, f"n{n}") for n in range(10, 510)])
    same(await c.fetchval("select count(*) from apg where id >= 10"), 500)


@case("big results", "a cursor over ten thousand rows")
async def big(c: Any) -> None:
    same(len(await c.fetch("select g, repeat('x', 100) from generate_series(1, 10000) g")), 10000)


@case("errors", "codes of errors")
async def errors(c: Any) -> None:
    with refused("23505"):
        await c.execute("insert into apg (id) values (1)")
    with refused("0A000"):
        await c.execute("create table bad (a text[])")


cases.run()
