from __future__ import annotations

import asyncio
import datetime
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import aiomysql
import boto3
from cases import Cases, refused, same
from mysql_server import DATABASE, HOST, PORT, secret, trusted, writer

cases = Cases()


def given(**more: Any) -> dict[str, Any]:
    master = secret()
    login = {"user": master["username"], "password": master["password"], "db": DATABASE, "charset": "utf8mb4"}
    return {"host": HOST, "port": PORT, "ssl": trusted(), "connect_timeout": 20} | login | more


def case(topic: str, name: str, limit: str = "", **more: Any) -> Callable[[Callable[[Any], Awaitable[None]]], None]:
    def take(work: Callable[[Any], Awaitable[None]]) -> None:
        async def with_pool() -> None:
            async with aiomysql.create_pool(**given(minsize=1, maxsize=5, **more)) as pool:
                await work(pool)

        cases.add(topic, name, lambda: asyncio.run(with_pool()), limit)

    return take


async def rows(pool: Any, sql: str, *values: Any) -> Any:
    async with pool.acquire() as connection, connection.cursor() as cursor:
        await cursor.execute(sql, values or None)
        return await cursor.fetchall()


@case("connection", "verified TLS", autocommit=True)
async def tls(pool: Any) -> None:
    same((await rows(pool, "show status like 'Ssl_version'"))[0][1][:3], "TLS")
    with refused("1045"):
        await aiomysql.connect(**given(password="wrong"))


@case("tokens", "an IAM token", autocommit=True)
async def tokens(pool: Any) -> None:
    await rows(pool, "drop user if exists aio")
    await rows(pool, "create user aio identified with AWSAuthenticationPlugin as 'RDS'")
    token = boto3.client("rds").generate_db_auth_token(HOST, PORT, "aio")
    connection = await aiomysql.connect(
        **given(user="aio", password=token, db=None, auth_plugin="mysql_clear_password")
    )
    connection.close()


@case("types", "values go in and come back", autocommit=True)
async def types(pool: Any) -> None:
    await rows(pool, "drop table if exists aio_rows")
    await rows(
        pool,
        "create table aio_rows (id int auto_increment primary key, s varchar(20), d decimal(10, 2), w datetime, b blob)",
    )
    values = ("ä€😀", Decimal("1.50"), datetime.datetime(2026, 2, 3, 10, 11), None)
    await rows(pool, "insert into aio_rows (s, d, w, b) values (%s, %s, %s, %s)", *values)
    same(await rows(pool, "select s, d, w, b from aio_rows"), (values,))


@case("types", "bytes", "aiomysql: PyMySQL 1.2 has no function escape_bytes_prefixed any more", autocommit=True)
async def raw(pool: Any) -> None:
    same(await rows(pool, "select %s", b"\0\xff"), ((b"\0\xff",),))


@case("transactions", "begin, rollback and commit", autocommit=True)
async def transactions(pool: Any) -> None:
    for end, expected in (("rollback", 1), ("commit", 2)):
        async with pool.acquire() as connection, connection.cursor() as cursor:
            await connection.begin()
            await cursor.execute("insert into aio_rows (s) values ('t')")
            await getattr(connection, end)()
        same(await rows(pool, "select count(*) from aio_rows"), ((expected,),))


@case("big results", "twenty megabytes by an unbuffered cursor", autocommit=True)
async def big(pool: Any) -> None:
    async with pool.acquire() as connection, connection.cursor() as cursor:
        await cursor.executemany("insert into aio_rows (s) values (%s)", [(f"b{number}",) for number in range(2000)])
    async with pool.acquire() as connection, connection.cursor(aiomysql.SSCursor) as cursor:
        await cursor.execute("select repeat('x', 10000) from aio_rows limit 2000")
        same(sum([len(row[0]) async for row in cursor]), 20_000_000)


@case("pool", "fifty tasks over five connections", autocommit=True)
async def pool(pool: Any) -> None:
    found = await asyncio.gather(*(rows(pool, "select %s from (select sleep(0.02)) s", number) for number in range(50)))
    same(sorted(row[0][0] for row in found), list(range(50)))


@case("pool", "a reboot of the writer: the pool connects again", autocommit=True)
async def rebooted(pool: Any) -> None:
    await rows(pool, "select 1")
    await asyncio.to_thread(boto3.client("rds").reboot_db_instance, DBInstanceIdentifier=writer())
    same(await rows(pool, "select 1"), ((1,),))


cases.run()
