from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

import sqlalchemy as sa
from cases import CLUSTER, DATABASE, Cases, refused, same
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy_aurora_data_api import register_dialects

register_dialects()
engine = sa.create_engine(
    f"postgresql+auroradataapi://:@/{DATABASE}",
    connect_args={"aurora_cluster_arn": CLUSTER["resourceArn"], "secret_arn": CLUSTER["secretArn"]},
)
cases = Cases()


class Base(orm.DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "sa_person"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(unique=True)
    age: orm.Mapped[int | None]


kinds = sa.Table(
    "sa_kinds", Base.metadata,
    sa.Column("id", sa.Integer, primary_key=True), sa.Column("whole", sa.Integer), sa.Column("big", sa.BigInteger),
    sa.Column("exact", sa.Numeric(12, 3)), sa.Column("double", sa.Float), sa.Column("flag", sa.Boolean),
    sa.Column("text", sa.Text), sa.Column("day", sa.Date), sa.Column("clock", sa.Time), sa.Column("stamp", sa.DateTime),
    sa.Column("uuid", pg.UUID(as_uuid=False)), sa.Column("json", pg.JSON), sa.Column("jsonb", pg.JSONB),
    sa.Column("words", pg.ARRAY(sa.Text)), sa.Column("blob", sa.LargeBinary),
)  # fmt: skip


@cases.case("schema", "tables are dropped and created")
def create() -> None:
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)


def round_trip(column: str, content: Any) -> None:
    with engine.begin() as connection:
        insert = kinds.insert().values({column: content}).returning(kinds.c[column])
        found = connection.execute(insert).scalar_one()
    same(bytes(found) if isinstance(content, bytes) else found, content)


for column, content in [
    ("whole", 5), ("big", 9007199254740993), ("exact", decimal.Decimal("12.340")), ("double", 0.1), ("flag", False),
    ("text", "ä€ ':x"), ("day", datetime.date(2026, 2, 3)), ("clock", datetime.time(10, 11, 12)),
    ("stamp", datetime.datetime(2026, 2, 3, 10, 11, 12, 123000)), ("uuid", str(uuid.UUID(int=5))), ("json", {"a": [1]}),
    ("jsonb", {"a": "b"}), ("blob", b"\x00\xff"),
]:  # fmt: skip
    cases.add("types", f"{column} goes in and comes back", lambda c=column, v=content: round_trip(c, v))
    cases.add("nulls", f"{column} is null", lambda c=column: round_trip(c, sa.null() if c.startswith("json") else None)
              if not c.startswith("json") else None)  # fmt: skip
cases.add("arrays", "an array goes in and comes back", lambda: round_trip("words", ["a", "b,c"]))


@cases.case("queries", "select with where, order and limit")
def queries() -> None:
    with orm.Session(engine) as session, session.begin():
        session.add_all([Person(name="Ana", age=5), Person(name="Ben", age=6), Person(name="Cia")])
    with orm.Session(engine) as session:
        found = session.scalars(sa.select(Person).where(Person.age > 4).order_by(Person.name.desc()).limit(1)).one()
        same(found.name, "Ben")
        same(session.scalar(sa.select(sa.func.count()).where(Person.name.in_(["Ana", "Cia"]))), 2)


@cases.case("queries", "update and delete")
def update() -> None:
    with orm.Session(engine) as session, session.begin():
        session.execute(sa.update(Person).where(Person.name == "Ana").values(age=7))
        session.delete(session.scalars(sa.select(Person).where(Person.name == "Cia")).one())
    with orm.Session(engine) as session:
        same(session.scalars(sa.select(Person.age).where(Person.name == "Ana")).one(), 7)


def names() -> list[str]:
    with orm.Session(engine) as session:
        return list(session.scalars(sa.select(Person.name).order_by(Person.name)))


@cases.case("transactions", "a transaction is rolled back")
def rollback() -> None:
    with refused("back"), orm.Session(engine) as session, session.begin():
        session.add(Person(name="Dan"))
        session.flush()
        raise ValueError("back")
    assert "Dan" not in names()


@cases.case("savepoints", "a nested transaction fails and the outer one continues")
def savepoint() -> None:
    with orm.Session(engine) as session, session.begin():
        with refused("23505"), session.begin_nested():
            session.add(Person(name="Ana"))
            session.flush()
        session.add(Person(name="Eva"))
    assert "Eva" in names()


@cases.case("savepoints", "a nested transaction is kept")
def nested() -> None:
    with orm.Session(engine) as session, session.begin(), session.begin_nested():
        session.add(Person(name="Fay"))
    assert "Fay" in names()


@cases.case("batch", "executemany")
def batch() -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(Person.__table__), [{"name": f"many {n}", "age": n} for n in range(1500)])
    with orm.Session(engine) as session:
        same(session.scalar(sa.select(sa.func.count()).where(Person.name.like("many %"))), 1500)


@cases.case("big results", "half a MiB")
def half() -> None:
    with engine.connect() as connection:
        same(len(connection.execute(sa.text("select repeat('x', 10000) from generate_series(1, 50)")).all()), 50)


@cases.case(
    "big results",
    "more than 1 MiB is read in pages",
    "aurora-data-api: it waits for the exception of Serverless v1 before it reads in pages",
)
def pages() -> None:
    with engine.connect() as connection:
        same(len(connection.execute(sa.text("select repeat('x', 10000) from generate_series(1, 200)")).all()), 200)


@cases.case("errors", "a duplicate key names its SQLSTATE")
def duplicate() -> None:
    with refused("23505"), orm.Session(engine) as session, session.begin():
        session.add(Person(name="Ana"))


@cases.case("errors", "an unknown table")
def unknown() -> None:
    with refused("42P01"), engine.connect() as connection:
        connection.execute(sa.text("select * from nope"))


@cases.case("schema", "tables are found")
def reflected() -> None:
    inspector = sa.inspect(engine)
    assert inspector.has_table("sa_person")
    assert "sa_person" in inspector.get_table_names()


@cases.case("schema", "columns are reflected", 'Aurora: the catalogue\'s "char" is not returned')
def columns() -> None:
    same([row["name"] for row in sa.inspect(engine).get_columns("sa_person")], ["id", "name", "age"])


cases.run()
