from __future__ import annotations

import asyncio
import datetime
import os
import ssl
import uuid
from collections.abc import Awaitable, Callable
from decimal import Decimal

from cases import Cases, refused, same
from dsql import ADDRESS, AUTHORITY, NAME, PORT
from tortoise import Tortoise, connections, fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

cases = Cases()


class Owner(Model):
    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    name = fields.CharField(max_length=60, db_index=True)
    born = fields.DateField(null=True)
    seen = fields.DatetimeField(null=True)
    money = fields.DecimalField(10, 2, null=True)
    more = fields.JSONField(null=True)

    class Meta:
        table = "to_owner"


# The connector reads the region from the name and adds `.dsql` to any other; libpq takes the address from here.
os.environ |= {"PGHOSTADDR": ADDRESS, "PGSSLROOTCERT": AUTHORITY}
CONFIG = {
    "connections": {
        "default": {
            "engine": "aurora_dsql_tortoise.psycopg",
            "credentials": {
                "host": NAME,
                "port": PORT,
                "user": "admin",
                "ssl": ssl.create_default_context(cafile=AUTHORITY),
            },
        }
    },
    "apps": {"models": {"models": ["__main__"], "default_connection": "default"}},
}


def case(topic: str, name: str) -> Callable[[Callable[[], Awaitable[None]]], None]:
    def take(work: Callable[[], Awaitable[None]]) -> None:
        async def run() -> None:
            await Tortoise.init(config=CONFIG)
            try:
                await work()
            finally:
                await Tortoise.close_connections()

        cases.add(topic, name, lambda: asyncio.run(run()))

    return take


@case("schema", "tables and an index are created")
async def create() -> None:
    async with in_transaction() as connection:
        await connection.execute_script("drop table if exists to_owner")
    await Tortoise.generate_schemas()


@case("types", "an object goes in and comes back")
async def types() -> None:
    given = {"name": "Ana", "born": datetime.date(2026, 2, 3), "seen": datetime.datetime(2026, 2, 3, tzinfo=datetime.UTC),
             "money": Decimal("1.50"), "more": {"a": [1]}}  # fmt: skip
    await Owner.create(**given)
    found = await Owner.get(name="Ana")
    same({name: getattr(found, name) for name in given}, given)


@case("nulls", "nulls")
async def nulls() -> None:
    await Owner.create(name="Nil")
    same((await Owner.get(born=None)).money, None)


@case("transactions", "rollback, and a conflict at commit")
async def transactions() -> None:
    with refused("rolled back"):
        async with in_transaction() as connection:
            await Owner.create(name="gone", using_db=connection)
            raise RuntimeError("rolled back")
    same(await Owner.filter(name="gone").count(), 0)
    other = connections.get("default")  # inside of a transaction it would be the transaction's own
    with refused("OC000"):
        async with in_transaction() as one:
            await Owner.filter(name="Nil").using_db(one).update(money=1)
            await Owner.filter(name="Nil").using_db(other).update(money=2)


@case("batch", "many rows at once")
async def batch() -> None:
    await Owner.bulk_create([Owner(name=f"many {number}") for number in range(1000)])
    same(await Owner.filter(name__startswith="many").count(), 1000)


@case("errors", "names of errors")
async def errors() -> None:
    found = await Owner.get(name="Ana")
    with refused("IntegrityError"):
        await Owner.create(id=found.id, name="again")


cases.run()
