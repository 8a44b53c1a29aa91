from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from urllib.parse import quote

import boto3
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from cases import CLUSTER, DATABASE, Cases, same
from sqlalchemy_aurora_data_api import register_dialects

register_dialects()
cases = Cases()
ENV = """
import os
import sqlalchemy as sa
from alembic import context

metadata = sa.MetaData()
sa.Table("al_person", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
arguments = {"aurora_cluster_arn": os.environ["CLUSTER_ARN"], "secret_arn": os.environ["SECRET_ARN"]}
url = context.config.get_main_option("sqlalchemy.url")
engine = sa.create_engine(url, connect_args=arguments if "auroradataapi" in url else {})
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, version_table="al_" + engine.driver,
                      include_name=lambda name, kind, _: kind != "table" or name == "al_person")
    with context.begin_transaction():
        context.run_migrations()
"""


def url(kind: str) -> str:
    if kind == "data-api":
        return f"postgresql+auroradataapi://:@/{DATABASE}"
    secret = json.loads(boto3.client("secretsmanager").get_secret_value(SecretId=CLUSTER["secretArn"])["SecretString"])
    who = f"{quote(secret['username'])}:{quote(secret['password'], safe='')}"
    place = f"{os.environ['DATABASE_HOST']}:{os.environ['DATABASE_PORT']}"
    return f"postgresql+psycopg2://{who}@{place}/{DATABASE}?sslmode=verify-full&sslrootcert={os.environ['LOCAL_CA']}"


@contextmanager
def project(kind: str) -> Iterator[Config]:
    with tempfile.TemporaryDirectory() as folder:
        config = Config()
        config.set_main_option("script_location", folder)
        config.set_main_option("sqlalchemy.url", url(kind).replace("%", "%%"))
        (Path(folder) / "versions").mkdir()
        (Path(folder) / "env.py").write_text(ENV)
        (Path(folder) / "script.py.mako").write_text(
            dedent("""\
            from alembic import op
            import sqlalchemy as sa
            revision = ${repr(up_revision)}
            down_revision = ${repr(down_revision)}
            def upgrade():
                ${upgrades if upgrades else "pass"}
            def downgrade():
                ${downgrades if downgrades else "pass"}
            """)
        )
        yield config


def upgrade_and_back(kind: str) -> None:
    engine = sa.create_engine(url("wire"))
    with project(kind) as config:
        with engine.begin() as connection:
            connection.execute(sa.text("drop table if exists al_person"))
        revision = command.revision(config, "first")
        path = Path(revision.path)
        path.write_text(
            path.read_text()
            .replace(
                "pass",
                "op.create_table('al_person', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.Text))",
                1,
            )
            .replace("pass", "op.drop_table('al_person')")
        )
        command.upgrade(config, "head")
        same(sa.inspect(engine).has_table("al_person"), True)
        command.downgrade(config, "base")
        same(sa.inspect(engine).has_table("al_person"), False)


def autogenerate(kind: str) -> None:
    with project(kind) as config:
        revision = command.revision(config, "auto", autogenerate=True)
        assert "create_table" in Path(revision.path).read_text()
        command.upgrade(config, "head")
        command.check(config)


cases.add("schema", "upgrade and downgrade over the Data API", lambda: upgrade_and_back("data-api"))
cases.add("schema", "upgrade and downgrade over TLS", lambda: upgrade_and_back("wire"))
cases.add("schema", "autogenerate and check over TLS", lambda: autogenerate("wire"))
cases.add(
    "schema",
    "autogenerate and check over the Data API",
    lambda: autogenerate("data-api"),
    'Aurora: the catalogue\'s "char" is not returned',
)
cases.run()
