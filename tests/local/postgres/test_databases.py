"""A real PostgreSQL: made, reached over TLS, paused, copied, found after a kill."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from aurora_cfn.local.front.listener import Front
from aurora_cfn.local.home import Home
from aurora_cfn.local.neighbours import KeptPlaces
from aurora_cfn.local.postgres.family import PostgresEngine
from aurora_cfn.local.postgres.server import running_pid
from aurora_cfn.local.servers.certificate import AUTHORITY, tls_context
from aurora_cfn.local.servers.database_server import Database
from aurora_cfn.local.servers.databases import Databases, register_files
from aurora_cfn.local.servers.engine import Rules
from aurora_cfn.local.servers.folders import data_folder, outside_folders

pytestmark = pytest.mark.slow
KEY = "1/eu-west-1/cluster/a"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("pg"))
    home.make()
    yield home
    import shutil

    for folder in outside_folders(home):
        shutil.rmtree(folder, ignore_errors=True)


def opened(home: Home) -> Databases:
    return Databases(
        home, os.environ, Front(partial(tls_context, home.postgres), KeptPlaces(home)), (PostgresEngine(),)
    )


def saved(databases: Databases) -> None:
    files = register_files(databases._home)
    for name, text in databases.begin_saving().items():
        files[name].write_text(text)
    databases.saved()


@pytest.fixture(scope="module")
def databases(home: Home) -> Iterator[Databases]:
    databases = opened(home)
    yield databases
    databases.close_all()


@pytest.fixture(scope="module")
def database(databases: Databases) -> Database:
    databases.create(KEY, None, 0)
    database = databases.open(KEY, Rules)
    databases.set_up(KEY, "boss", "s3cret'pw", "temporal")
    return database


def connect(database: Database, **more: Any) -> Any:
    given = {"user": "boss", "password": "s3cret'pw", "dbname": "temporal", "connect_timeout": 10} | more
    return psycopg2.connect(host=database.place.address, port=database.place.port, **given)


def value(connection: Any, statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_the_certificate_can_be_verified_in_full(database: Database, home: Home) -> None:
    connection = connect(database, sslmode="verify-full", sslrootcert=str(home.postgres / AUTHORITY))
    assert value(connection, "select current_user") == "boss"
    assert connection.info.ssl_in_use


@pytest.mark.parametrize("mode", ["disable", "require"])
def test_a_wrong_password_is_refused_in_postgresql_s_words(database: Database, mode: str) -> None:
    with pytest.raises(psycopg2.OperationalError, match='password authentication failed for user "boss"'):
        connect(database, password="wrong", sslmode=mode)


def test_the_master_user_is_no_superuser_but_owns_its_database(database: Database) -> None:
    connection = connect(database)
    assert value(connection, "select usesuper from pg_user where usename = current_user") is False
    assert value(connection, "select pg_has_role(current_user, 'rds_superuser', 'member')") is True
    with connection.cursor() as cursor:
        cursor.execute("create table owned (a int); create role app login; grant rds_iam to app")
    connection.rollback()


CANCELLED = """
import sys, threading, psycopg2
connection = psycopg2.connect(sys.argv[1])
threading.Timer(0.3, connection.cancel).start()
try:
    connection.cursor().execute("select pg_sleep(20)")
except psycopg2.errors.QueryCanceled as error:
    print(error)
"""


def test_a_running_statement_can_be_cancelled(database: Database) -> None:
    place = database.place
    dsn = f"host={place.address} port={place.port} user=boss password='s3cret\\'pw' dbname=temporal"
    client = [sys.executable, "-c", CANCELLED, dsn]  # apart: psycopg2 holds the interpreter while it cancels
    said = subprocess.run(client, capture_output=True, text=True, timeout=15)
    assert "canceling statement due to user request" in said.stdout, said.stderr


def test_a_large_result_comes_through_whole(database: Database) -> None:
    assert len(value(connect(database, sslmode="require"), "select repeat('x', 5000000)")) == 5_000_000


def test_plain_connections_are_refused_where_tls_is_forced(databases: Databases) -> None:
    key = "1/eu-west-1/cluster/tls"
    databases.create(key, None, 0)
    database = databases.open(key, lambda: Rules(force_tls=True))
    databases.set_up(key, "boss", "s3cret'pw", "temporal")
    with pytest.raises(psycopg2.OperationalError, match="no encryption"):
        connect(database, sslmode="disable")
    assert value(connect(database, sslmode="prefer"), "select 1") == 1
    databases.drop(key)
    assert key not in set(databases.known())
    with pytest.raises(psycopg2.OperationalError):
        connect(database)


def test_a_paused_database_wakes_for_a_client(database: Database) -> None:
    database.pause(0.5)
    assert database.server.pid() is None
    begin = time.monotonic()
    assert value(connect(database), "select 1") == 1
    assert 0.5 <= time.monotonic() - begin < 5


def test_a_copy_holds_the_data_of_its_moment(databases: Databases, database: Database) -> None:
    connection = connect(database)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("create table kept (a int); insert into kept values (42)")
    databases.copy(KEY, "snapshot/one")
    copied = databases.open("snapshot/one", Rules)
    assert value(connect(copied), "select a from kept") == 42
    databases.drop("snapshot/one")


def test_a_kill_before_the_next_saving_leaves_databases_as_they_were(databases: Databases, home: Home) -> None:
    old, gone = "4/eu-west-1/cluster/old", "4/eu-west-1/cluster/gone"
    for key in (old, gone):
        databases.create(key, None, 0)
    place = databases.open(old, Rules).place
    data = databases.get(gone).server.data
    saved(databases)
    databases.rename(old, f"{old}-2")
    databases.drop(gone)
    assert {old, gone} <= set(opened(home).known())
    assert data.is_dir()
    saved(databases)
    after = opened(home)
    assert not {old, gone} & set(after.known())
    assert not data.exists()
    # Named as it was, it listens where it did; what a deleted one had waits for its name.
    databases.rename(f"{old}-2", old)
    assert databases.open(old, Rules).place == place
    databases.drop(old)
    saved(databases)


def test_the_next_start_ends_an_orphan_and_finds_the_data(home: Home) -> None:
    key = "2/eu-west-1/cluster/b"
    first = opened(home)
    first.create(key, None, 0)
    first.open(key, Rules)
    first.set_up(key, "boss", "s3cret'pw", "temporal")
    pid = running_pid(first.get(key).server.data)
    assert pid
    place = first.get(key).place
    saved(first)
    first._front.close_all()  # what a kill leaves: no front, and a server that runs
    # And of a database that it was making.
    unfinished = data_folder(home) / "0123456789"
    (unfinished / "half-1").mkdir(parents=True)
    second = opened(home)
    assert second.end_orphans() >= 1
    second.drop_unfinished()
    assert not unfinished.exists()
    assert running_pid(first.get(key).server.data) is None
    again = second.open(key, Rules)
    assert again.place == place
    assert value(connect(again), "select current_database()") == "temporal"
    second.close_all()


@pytest.mark.parametrize("register", [None, "{"], ids=["gone", "damaged"])
def test_without_its_register_the_next_start_deletes_no_data(home: Home, register: str | None) -> None:
    path, data = home.postgres / "register.json", data_folder(home) / "fedcba9876"
    data.mkdir(parents=True, exist_ok=True)
    before = path.read_text()
    try:
        path.unlink() if register is None else path.write_text(register)
        opened(home).drop_unfinished()
        assert data.is_dir()
    finally:
        path.write_text(before)


def test_a_database_whose_data_are_gone_says_so(databases: Databases) -> None:
    database = databases.create("3/eu-west-1/cluster/c", None, 0)
    database.server.data.rename(database.server.folder / "elsewhere")
    with pytest.raises(FileNotFoundError, match="the data of this database are gone"):
        database.wake()
    databases.drop(database.key)


def test_no_socket_is_left_open_to_others(database: Database) -> None:
    assert Path(database.server.sockets).stat().st_mode & 0o077 == 0
