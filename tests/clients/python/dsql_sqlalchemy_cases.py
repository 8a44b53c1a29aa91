from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

import sqlalchemy as sa
from aurora_dsql_sqlalchemy import create_dsql_engine
from cases import Cases, refused, same
from dsql import ADDRESS, AUTHORITY, NAME, PORT
from sqlalchemy import orm

engine = create_dsql_engine(
    host=NAME, user="admin", sslrootcert=AUTHORITY, connect_args={"hostaddr": ADDRESS, "port": PORT}
)
cases = Cases()


class Base(orm.DeclarativeBase):
    pass


class Owner(Base):
    __tablename__ = "sa_owner"
    id: orm.Mapped[uuid.UUID] = orm.mapped_column(primary_key=True, default=uuid.uuid4)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    born: orm.Mapped[datetime.date | None]
    seen: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    money: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(10, 2))
    more: orm.Mapped[dict | None] = orm.mapped_column(sa.JSON)
    __table_args__ = (sa.Index("sa_owner_name", "name"),)


@cases.case("schema", "tables and an index are created")
def create() -> None:
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)


@cases.case(
    "schema", "tables are reflected", "aurora-dsql-sqlalchemy: its query of columns lacks one that SQLAlchemy reads"
)
def reflected() -> None:
    inspector = sa.inspect(engine)
    assert "sa_owner" in inspector.get_table_names()
    same([row["name"] for row in inspector.get_columns("sa_owner")][:2], ["id", "name"])


@cases.case("types", "an object goes in and comes back")
def types() -> None:
    given = {"name": "Ana", "born": datetime.date(2026, 2, 3), "seen": datetime.datetime(2026, 2, 3, tzinfo=datetime.UTC),
             "money": Decimal("1.50"), "more": {"a": [1]}}  # fmt: skip
    with orm.Session(engine) as session, session.begin():
        session.add(Owner(**given))
    with orm.Session(engine) as session:
        found = session.scalars(sa.select(Owner).where(Owner.name == "Ana")).one()
        same({name: getattr(found, name) for name in given}, given)


@cases.case("nulls", "nulls")
def nulls() -> None:
    with orm.Session(engine) as session, session.begin():
        session.add(Owner(name="Nil"))
    with orm.Session(engine) as session:
        found = session.scalars(sa.select(Owner).where(Owner.born.is_(None))).one()
        same((found.money, found.seen), (None, None))


@cases.case("transactions", "rollback, and a conflict at commit")
def transactions() -> None:
    with orm.Session(engine) as one, orm.Session(engine) as two:
        for session, name in ((one, "1.00"), (two, "2.00")):
            session.scalars(sa.select(Owner).where(Owner.name == "Nil")).one().money = Decimal(name)
            session.flush()
        one.commit()
        with refused("OC000"):
            two.commit()


@cases.case("savepoints", "nested transactions are refused")
def savepoints() -> None:
    with refused("SAVEPOINT is not supported"), orm.Session(engine) as session, session.begin():
        session.execute(sa.text("select 1"))
        with session.begin_nested():
            session.execute(sa.text("select 1"))


@cases.case("batch", "many rows at once")
def batch() -> None:
    with orm.Session(engine) as session, session.begin():
        session.add_all([Owner(name=f"many {number}") for number in range(1000)])
    with refused("transaction row limit exceeded"), orm.Session(engine) as session, session.begin():
        session.add_all([Owner(name=f"more {number}") for number in range(3001)])
    with orm.Session(engine) as session:
        same(session.scalar(sa.select(sa.func.count()).where(Owner.name.like("m%"))), 1000)


@cases.case("big results", "a stream of rows")
def big() -> None:
    with engine.connect() as connection:
        same(len(connection.execute(sa.text("select repeat('x', 100) from generate_series(1, 10000)")).all()), 10000)


@cases.case("errors", "codes of errors")
def errors() -> None:
    with refused("UndefinedTable"), engine.connect() as connection:
        connection.execute(sa.text("select * from nope"))


cases.run()
