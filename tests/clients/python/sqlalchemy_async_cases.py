from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from cases import DATABASE, Cases, refused, same
from postgres import AUTHORITY, HOST, PORT, reboot, secret
from sqlalchemy import URL, Enum, ForeignKey, Identity, Numeric, func, inspect, select, text
from sqlalchemy.dialects.postgresql import ARRAY, INT4RANGE, INTERVAL, JSONB, Range, insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload
from sqlalchemy.types import Integer

cases = Cases()


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "sa_author"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    books: Mapped[list[Book]] = relationship(back_populates="author", cascade="all, delete-orphan")


class Book(Base):
    __tablename__ = "sa_book"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("sa_author.id"))
    author: Mapped[Author] = relationship(back_populates="books")
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    when: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
    kind: Mapped[str] = mapped_column(Enum("a", "b", name="sa_kind"))
    tags: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    pages: Mapped[Range[int]] = mapped_column(INT4RANGE)
    lent: Mapped[datetime.timedelta] = mapped_column(INTERVAL)


def engine(driver: str, **more: Any) -> Any:
    master = secret()
    url = URL.create(f"postgresql+{driver}", master["username"], master["password"], HOST, PORT, DATABASE)
    verified = {"ssl": ssl.create_default_context(cafile=AUTHORITY)}
    arguments = verified if driver == "asyncpg" else {"sslmode": "verify-full", "sslrootcert": AUTHORITY}
    return create_async_engine(url, connect_args=arguments, **more)


def case(topic: str, name: str, **more: Any) -> Callable[[Callable[[Any], Awaitable[None]]], None]:
    def take(work: Callable[[Any], Awaitable[None]]) -> None:
        async def run(driver: str) -> None:
            found = engine(driver, **more)
            try:
                await work(found)
            finally:
                await found.dispose()

        for driver in ("asyncpg", "psycopg"):
            cases.add(topic, f"{driver}: {name}", lambda driver=driver: asyncio.run(run(driver)))

    return take


def book(author: Author, number: int) -> Book:
    return Book(id=UUID(int=number), author=author, price=Decimal("1.50"), kind="a", tags=[1, 2], data={"a": [1]}, pages=Range(1, 9),
                lent=datetime.timedelta(days=2))  # fmt: skip


@case("schema", "tables are created, and read back")
async def schema(e: Any) -> None:
    async with e.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
        columns = await connection.run_sync(lambda c: inspect(c).get_columns("sa_book"))
    found = {row["name"]: str(row["type"]) for row in columns}
    same(
        [found[name] for name in ("id", "price", "when", "tags", "data", "lent")],
        ["UUID", "NUMERIC(10, 2)", "TIMESTAMP", "ARRAY", "JSONB", "INTERVAL"],
    )


@case("types", "objects with a relation, and their types")
async def objects(e: Any) -> None:
    async with async_sessionmaker(e)() as session, session.begin():
        await session.execute(text("truncate sa_author cascade"))
        author = Author(name="Ada")
        session.add_all([author, book(author, 1), book(author, 2)])
    async with AsyncSession(e) as session:
        found = await session.scalar(select(Author).options(selectinload(Author.books)))
        first = min(found.books, key=lambda row: row.id.int)
        same(
            (first.price, first.tags, first.data, first.pages, first.lent.days, first.kind),
            (Decimal("1.50"), [1, 2], {"a": [1]}, Range(1, 9), 2, "a"),
        )


@case("batch", "many rows, an upsert, and what they return")
async def batch(e: Any) -> None:
    async with e.begin() as connection:
        await connection.execute(insert(Author), [{"name": f"n{number}"} for number in range(3000)])
        again = (
            insert(Author)
            .values(name="n1")
            .on_conflict_do_update(index_elements=["name"], set_={"name": "other"})
            .returning(Author.name)
        )
        same((await connection.execute(again)).scalar(), "other")
        await connection.execute(text("delete from sa_author where name <> 'Ada'"))


@case("transactions", "a savepoint, and a rollback")
async def savepoints(e: Any) -> None:
    async with AsyncSession(e) as session:
        with refused("IntegrityError"):
            async with session.begin_nested():
                session.add(Author(name="Ada"))
        same(await session.scalar(select(func.count()).select_from(Author)), 1)
        await session.rollback()


@case("big results", "twenty megabytes, streamed")
async def streamed(e: Any) -> None:
    async with e.connect() as connection:
        found = await connection.stream(text("select repeat('x', 10000) from generate_series(1, 2000)"))
        same(sum([len(row[0]) async for row in found]), 20_000_000)


@case("pool", "pool_pre_ping after a reboot of the writer", pool_pre_ping=True, pool_size=2)
async def pinged(e: Any) -> None:
    async with e.connect() as connection:
        await connection.execute(text("select 1"))
    await asyncio.to_thread(reboot)
    async with e.connect() as connection:
        same((await connection.execute(text("select 1"))).scalar(), 1)


cases.run()
