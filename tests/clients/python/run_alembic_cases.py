from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from cases import Cases, refused, same
from tools import run

cases = Cases()
HERE = Path(tempfile.mkdtemp())
ENV = """
import os
import sqlalchemy as sa
from alembic import context
engine = sa.create_engine(os.environ["DATABASE_URL"].replace("postgres://", "postgresql://"))
with engine.connect() as connection:
    context.configure(connection=connection, version_table="run_version")
    with context.begin_transaction():
        context.run_migrations()
"""
MIGRATION = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = {revision!r}, {before!r}
def upgrade():
    op.create_table("run_{revision}", sa.Column("id", sa.Integer, primary_key=True))
def downgrade():
    op.drop_table("run_{revision}")
"""
TABLES = """
import os, sqlalchemy as sa
names = sa.inspect(sa.create_engine(os.environ["DATABASE_URL"])).get_table_names()
print(sorted(name for name in names if name in ("run_one", "run_two")))
"""
LIBPQ = 'import psycopg2; c = psycopg2.connect(""); c.cursor().execute("create table {0} ()"); print(c.info.user, c.info.ssl_in_use)'
DATA_API = """
import boto3, os
where = {"resourceArn": os.environ["RESOURCE_ARN"], "secretArn": os.environ["SECRET_ARN"], "database": os.environ["DATABASE"]}
print(boto3.client("rds-data").execute_statement(**where, sql="select 7")["records"])
"""
(HERE / "migrations" / "versions").mkdir(parents=True)
(HERE / "migrations" / "env.py").write_text(ENV)
(HERE / "alembic.ini").write_text(f"[alembic]\nscript_location = {HERE / 'migrations'}\n")
for revision, before in (("one", None), ("two", "one")):
    text = MIGRATION.format(revision=revision, before=before)
    (HERE / "migrations" / "versions" / f"{revision}.py").write_text(text)


def through(*words: str, options: tuple[str, ...] = ()) -> str:
    """What a program prints that `aurora-cfn run` starts on the PostgreSQL database."""
    command = (os.environ["AURORA_CFN_PYTHON"], "-m", "aurora_cfn", "run", "--env", "local", "--stack", "postgres")
    return run(*command, *options, "--", *words, folder=os.environ["PROJECT"])


def alembic(*words: str) -> str:
    return through("alembic", "-c", str(HERE / "alembic.ini"), *words)


def tables() -> str:
    return through(sys.executable, "-c", TABLES).strip()


@cases.case("schema", "upgrade")
def upgrade() -> None:
    alembic("upgrade", "head")
    same(tables(), "['run_one', 'run_two']")


cases.add("schema", "status", lambda: same("two (head)" in alembic("current"), True))


@cases.case("schema", "downgrade by one, and to the start")
def downgrade() -> None:
    alembic("downgrade", "-1")
    same(tables(), "['run_one']")
    alembic("downgrade", "base")
    same(tables(), "[]")


@cases.case("connection", "libpq reads its variables, verified")
def libpq() -> None:
    same(through(sys.executable, "-c", LIBPQ.format("pg_temp.one")).split()[1], "True")


@cases.case("connection", "the password in a private file")
def in_file() -> None:
    same(through(sys.executable, "-c", LIBPQ.format("pg_temp.two"), options=("--file",)).split()[1], "True")


@cases.case("transactions", "--read-only")
def read_only() -> None:
    with refused("read-only transaction"):
        through(sys.executable, "-c", LIBPQ.format("written"), options=("--read-only",))


@cases.case("connection", "the Data API")
def data_api() -> None:
    same(through(sys.executable, "-c", DATA_API, options=("--as", "dataapi")).strip(), "[[{'longValue': 7}]]")


@cases.case("errors", "the exit code of the program")
def exit_code() -> None:
    with refused("ended with 5"):
        through("sh", "-c", "exit 5")


@cases.case("errors", "a revision that is not there")
def missing() -> None:
    with refused("ended with"):
        alembic("upgrade", "nothing")


cases.run()
