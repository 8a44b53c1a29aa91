"""One PostgreSQL for all tests of the handlers, and settings as Lambda would give them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pg8000.native import Connection

from aurora_cfn.handlers import games, planets, signing
from aurora_cfn.handlers.connection import Place, connected
from tests.handlers import server
from tests.handlers.server import PASSWORD, TOKEN_USER, USER, Server

DATABASE = "handlers"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server; its authority is trusted the way that OpenSSL offers to everybody."""
    with server.running() as running:
        os.environ["SSL_CERT_FILE"] = str(running.authority)
        with connected(Place("127.0.0.1", running.port, "postgres", USER), PASSWORD) as superuser:
            superuser.run(f"CREATE ROLE {TOKEN_USER} LOGIN CREATEROLE")
        yield running
        os.environ.pop("SSL_CERT_FILE", None)


@pytest.fixture(scope="session")
def place(postgres: Server) -> Place:
    return Place("127.0.0.1", postgres.port, "postgres", USER)


@pytest.fixture(scope="session")
def administrator(place: Place) -> Iterator[Connection]:
    """The superuser, in the database of the tests."""
    with connected(place, PASSWORD) as first:
        first.run(f"CREATE DATABASE {DATABASE} OWNER {TOKEN_USER}")
    with connected(replace(place, database=DATABASE), PASSWORD) as connection:
        yield connection


@pytest.fixture
def database_name(administrator: Connection) -> Iterator[str]:
    """An empty database; emptied afterwards, and left by everybody."""
    yield DATABASE
    others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name AND pid <> :me"
    me = administrator.run("SELECT pg_backend_pid()")[0][0]
    administrator.run(others, name=DATABASE, me=me)
    administrator.run("DROP SCHEMA IF EXISTS public, games, sys CASCADE")
    administrator.run(f"CREATE SCHEMA public AUTHORIZATION {TOKEN_USER}")


@pytest.fixture
def connect(place: Place, database_name: str) -> Iterator[Callable[..., Connection]]:
    """Opens connections to this test's database, and closes them."""
    opened: list[Connection] = []

    def one(**changed: str) -> Connection:
        connection = connected(replace(place, database=database_name, **changed), PASSWORD)  # type: ignore[arg-type]
        opened.append(connection)
        return connection

    yield one
    for connection in opened:
        try:
            connection.close()
        except Exception:
            continue


@pytest.fixture
def function(place: Place, database_name: str, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The environment of a function that signs in to this test's database with a token."""
    settings = {
        "DB_ENDPOINT": f"{place.host}:{place.port}",
        "DB_NAME": database_name,
        "DB_USER": TOKEN_USER,
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret-key-of-the-test",
    }
    for key, value in settings.items():
        monkeypatch.setenv(key, value)
    planets.database.cache_clear()
    games.database.cache_clear()
    signing._client.cache_clear()
    return replace(place, database=database_name, user=TOKEN_USER)
