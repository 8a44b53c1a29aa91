from __future__ import annotations

import asyncio
import datetime
import io
import json
import ssl
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from cases import DATABASE, Cases, refused, same
from postgres import AUTHORITY, HOST, PORT, pause, reboot, secret, token

cases = Cases()


def given(**more: Any) -> dict[str, Any]:
    master = secret()
    return {
        "host": HOST, "port": PORT, "database": DATABASE, "user": master["username"], "password": master["password"],
        "ssl": ssl.create_default_context(cafile=AUTHORITY),
    } | more  # fmt: skip


def case(topic: str, name: str) -> Callable[[Callable[[Any], Awaitable[None]]], None]:
    def take(work: Callable[[Any], Awaitable[None]]) -> None:
        async def connected() -> None:
            connection = await asyncpg.connect(**given())
            try:
                await work(connection)
            finally:
                await connection.close()

        cases.add(topic, name, lambda: asyncio.run(connected()))

    return take


def pooled(topic: str, name: str, **more: Any) -> Callable[[Callable[[Any], Awaitable[None]]], None]:
    def take(work: Callable[[Any], Awaitable[None]]) -> None:
        async def with_pool() -> None:
            async with asyncpg.create_pool(**given(), **more) as pool:
                await work(pool)

        cases.add(topic, name, lambda: asyncio.run(with_pool()))

    return take


@case("connection", "verified TLS, and the URL's own words for it")
async def tls(c: Any) -> None:
    same(await c.fetchval("select current_user"), secret()["username"])
    other = await asyncpg.connect(**given(ssl=None), dsn=f"postgresql:///?sslmode=verify-full&sslrootcert={AUTHORITY}")
    await other.close()
    with refused("no encryption"):
        await asyncpg.connect(**given(ssl=False))
    with refused("CERTIFICATE_VERIFY_FAILED"):
        await asyncpg.connect(**given(ssl=ssl.create_default_context()))


@case("connection", "direct TLS, as PostgreSQL 17 and newer take it")
async def direct(c: Any) -> None:
    other = await asyncpg.connect(**given(direct_tls=True))
    same(await other.fetchval("select 1"), 1)
    await other.close()


@case("tokens", "an IAM token, and the password of such a user is refused")
async def tokens(c: Any) -> None:
    await c.execute(
        "drop role if exists asynced; create user asynced password 'longer-than-8'; grant rds_iam to asynced"
    )
    other = await asyncpg.connect(**given(user="asynced", password=token("asynced")))
    same(await other.fetchval("select current_user"), "asynced")
    await other.close()
    with refused("Invalid"):
        await asyncpg.connect(**given(user="asynced", password="longer-than-8"))


@case("types", "values in the binary protocol")
async def types(c: Any) -> None:
    for kind, value in (
        ("int2", 5), ("int8", 2**40), ("float8", 0.1), ("numeric", Decimal("12.340")), ("text", "ä€😀"), ("bytea", b"\0\xff"), ("bool", True),
        ("date", datetime.date(2026, 2, 3)), ("timestamp", datetime.datetime(2026, 2, 3, 10)), ("interval", datetime.timedelta(days=3, seconds=4)),
        ("timestamptz", datetime.datetime(2026, 2, 3, tzinfo=datetime.UTC)), ("uuid", UUID(int=7)), ("int4[]", [1, None, 3]), ("text[]", ["a,b", ""]),
        ("int4range", asyncpg.Range(1, 5)), ("point", asyncpg.Point(1, 2)), ("bit(3)", asyncpg.BitString("101")), ("jsonb", '{"a": 1}'), ("text", None),
    ):  # fmt: skip
        same(await c.fetchval(f"select $1::{kind}", value), value)
    await c.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
    same(await c.fetchval("select $1::jsonb", {"a": [1]}), {"a": [1]})


@case("types", "an enum, a composite type and a domain")
async def own_types(c: Any) -> None:
    await c.execute(
        "drop type if exists as_mood, as_pair; create type as_mood as enum ('a', 'b'); create type as_pair as (x int, y as_mood)"
    )
    same(tuple(await c.fetchval("select $1::as_pair", (1, "b"))), (1, "b"))
    same(await c.fetchval("select array['a', 'b']::as_mood[]"), ["a", "b"])


@case("prepared", "a statement prepared once, its columns, and many rows")
async def prepared(c: Any) -> None:
    await c.execute("drop table if exists as_rows; create table as_rows (a int primary key, b text)")
    await c.executemany("insert into as_rows values ($1, $2)", [(number, f"r{number}") for number in range(5000)])
    statement = await c.prepare("select a, b from as_rows where a = $1")
    same([row.name for row in statement.get_attributes()], ["a", "b"])
    same(dict(await statement.fetchrow(7)), {"a": 7, "b": "r7"})
    await c.execute("alter table as_rows add c int")
    same(len(await c.fetchrow("select * from as_rows where a = 7")), 3)


@case("transactions", "nested transactions, and isolation")
async def transactions(c: Any) -> None:
    async with c.transaction(isolation="serializable"):
        with refused("UniqueViolationError"):
            async with c.transaction():
                await c.execute("insert into as_rows values (1)")
        await c.execute("insert into as_rows values (-1)")
    same(await c.fetchval("select count(*) from as_rows where a = -1"), 1)


@case("cursors", "a cursor over many rows")
async def cursors(c: Any) -> None:
    async with c.transaction():
        same(sum([row["a"] async for row in c.cursor("select a from as_rows where a >= 0", prefetch=100)]), 12497500)


@case("copy", "records, a file and a query")
async def copy(c: Any) -> None:
    await c.execute("create temp table as_copied (a int, b timestamptz)")
    rows = [(number, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)) for number in range(20000)]
    same(await c.copy_records_to_table("as_copied", records=rows), "COPY 20000")
    out = io.BytesIO()
    await c.copy_from_query("select a from as_copied where a < $1", 5, output=out, format="csv")
    same(out.getvalue(), b"0\n1\n2\n3\n4\n")


@case("big results", "forty megabytes")
async def big(c: Any) -> None:
    same(
        sum(len(row[0]) for row in await c.fetch("select repeat('x', 10000) from generate_series(1, 4000)")), 40_000_000
    )


@case("notifications", "LISTEN and NOTIFY")
async def notifications(c: Any) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    await c.add_listener("as_news", lambda *row: heard.put_nowait(row[-1]))
    await c.execute("select pg_notify('as_news', 'one')")
    same(await asyncio.wait_for(heard.get(), 5), "one")


@case("timeouts", "a timeout cancels the statement at the server")
async def timeouts(c: Any) -> None:
    with refused("TimeoutError"):
        await c.execute("select pg_sleep(30)", timeout=0.3)
    same(
        await c.fetchval(
            "select count(*) from pg_stat_activity where query like 'select pg_sleep(30)%' and state = 'active'"
        ),
        0,
    )


@case("errors", "PostgreSQL's errors by their class")
async def errors(c: Any) -> None:
    for sql, words in (
        ("select 1/0", "DivisionByZeroError"),
        ("selec", "PostgresSyntaxError"),
        ("select * from nope", "UndefinedTableError"),
    ):
        with refused(words):
            await c.execute(sql)


@pooled("pool", "fifty tasks over five connections", min_size=1, max_size=5)
async def pool(pool: Any) -> None:
    same(
        sorted(
            await asyncio.gather(*(pool.fetchval("select $1::int from pg_sleep(0.02)", number) for number in range(50)))
        ),
        list(range(50)),
    )


@pooled("pool", "a reboot of the writer: the pool connects again", min_size=2, max_size=2)
async def rebooted(pool: Any) -> None:
    async with pool.acquire() as c:
        await asyncio.to_thread(reboot)
        with refused("Error"):
            await c.fetchval("select pg_sleep(5)")
    for _ in range(3):
        same(await pool.fetchval("select 1"), 1)


@pooled("pool", "a pause: the next connection waits until it is resumed", min_size=1, max_size=2)
async def paused(pool: Any) -> None:
    await asyncio.to_thread(pause, 2)
    await pool.expire_connections()
    same(await pool.fetchval("select 1"), 1)


cases.run()
