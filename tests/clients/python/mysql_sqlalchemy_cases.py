from __future__ import annotations

import datetime
import tempfile
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from cases import Cases, refused, same
from mysql_server import DATABASE, HOST, PORT, secret, trusted
from sqlalchemy import orm

master = secret()
url = sa.URL.create("mysql+pymysql", master["username"], master["password"], HOST, PORT, DATABASE)
engine = sa.create_engine(url, connect_args={"ssl": trusted()})
cases = Cases()
MIGRATION = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "one", None
def upgrade():
    op.create_table("my_person", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
    op.create_index("my_person_name", "my_person", ["name"])
def downgrade():
    op.drop_table("my_person")
"""
ENV = """
from alembic import context
context.configure(connection=context.config.attributes["connection"], version_table="my_version")
with context.begin_transaction():
    context.run_migrations()
"""


class Base(orm.DeclarativeBase):
    pass


class Owner(Base):
    __tablename__ = "my_owner"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(60), unique=True)
    born: orm.Mapped[datetime.date | None]
    money: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(10, 2))
    more: orm.Mapped[dict | None] = orm.mapped_column(sa.JSON)
    active: orm.Mapped[bool | None]


@cases.case("schema", "tables are created and reflected")
def create() -> None:
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    same([row["name"] for row in sa.inspect(engine).get_columns("my_owner")][:3], ["id", "name", "born"])


@cases.case("types", "an object goes in and comes back")
def types() -> None:
    given = {
        "name": "Ana",
        "born": datetime.date(2026, 2, 3),
        "money": Decimal("1.50"),
        "more": {"a": [1]},
        "active": True,
    }
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
        same(session.scalars(sa.select(Owner).where(Owner.born.is_(None))).one().active, None)


@cases.case("savepoints", "a nested transaction fails and the outer one continues")
def savepoints() -> None:
    with orm.Session(engine) as session, session.begin():
        session.add(Owner(name="outer"))
        session.flush()
        with refused("1062"), session.begin_nested():
            session.add(Owner(name="Ana"))
            session.flush()
    with orm.Session(engine) as session:
        same(session.scalar(sa.select(sa.func.count()).where(Owner.name == "outer")), 1)


@cases.case("batch", "many rows at once")
def batch() -> None:
    with orm.Session(engine) as session, session.begin():
        session.add_all([Owner(name=f"many {number}") for number in range(1000)])
    with orm.Session(engine) as session:
        same(session.scalar(sa.select(sa.func.count()).where(Owner.name.like("many%"))), 1000)


@cases.case("schema", "alembic: upgrade and downgrade")
def migrations() -> None:
    with tempfile.TemporaryDirectory() as name, engine.begin() as connection:
        (Path(name) / "versions").mkdir()
        (Path(name) / "versions" / "one.py").write_text(MIGRATION)
        (Path(name) / "env.py").write_text(ENV)
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", name)
        command.upgrade(config, "head")
        same(sa.inspect(connection).has_table("my_person"), True)
        command.downgrade(config, "base")
        same(sa.inspect(connection).has_table("my_person"), False)


cases.run()
