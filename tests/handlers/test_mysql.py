"""MySQL in the handlers: what needs no server, errors in the shape of pg8000 and statements with named values."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field
from typing import Any

import pymysql
import pytest
from pg8000.native import DatabaseError, InterfaceError

from aurora_cfn.handlers.connection import TEMPORARY, Place, code_of, is_lost, place_from_environment
from aurora_cfn.handlers.mysql import NAME, MysqlConnection, _translated
from aurora_cfn.handlers.planets_migration import MYSQL_LOCK, MYSQL_MIGRATIONS, LockedError, migrate_mysql


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT :a", "SELECT %(a)s"),
        ("WHERE name = :name LIMIT :limit", "WHERE name = %(name)s LIMIT %(limit)s"),
        ("SELECT '10:30', a::b", "SELECT '10:30', a::b"),
    ],
)
def test_names_of_values(sql: str, expected: str) -> None:
    assert NAME.sub(r"%(\1)s", sql) == expected


@pytest.mark.parametrize(
    ("error", "state", "lost"),
    [
        (pymysql.err.OperationalError(1045, "Access denied"), "28000", False),
        (pymysql.err.OperationalError(1040, "Too many connections"), "08004", True),
        (pymysql.err.OperationalError(1053, "Server shutdown in progress"), "08S01", True),
        (pymysql.err.OperationalError(1213, "Deadlock found"), "40001", False),
        (pymysql.err.ProgrammingError(1146, "no such table"), "HY000", False),
    ],
)
def test_an_error_of_the_server_has_the_shape_of_the_other_driver(error: Exception, state: str, lost: bool) -> None:
    with pytest.raises(DatabaseError) as caught, _translated():
        raise error
    assert (code_of(caught.value), caught.value.args[0]["M"]) == (state, error.args[1])
    assert is_lost(caught.value) is lost


@pytest.mark.parametrize("error", [pymysql.err.OperationalError(2013, "Lost"), pymysql.err.InterfaceError("closed")])
def test_a_lost_connection_is_one(error: Exception) -> None:
    with pytest.raises(InterfaceError) as caught, _translated():
        raise error
    assert is_lost(caught.value)


def test_access_denied_may_pass() -> None:
    assert "28000".startswith(TEMPORARY)  # IAM is eventually consistent


def test_no_server_is_no_connection() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(InterfaceError):
        MysqlConnection(
            Place("127.0.0.1", port, "d", "u", "mysql"), "t", context=ssl.create_default_context(), seconds=1
        )


@pytest.mark.parametrize(
    ("settings", "port"),
    [({}, 5432), ({"DB_ENGINE": "postgresql"}, 5432), ({"DB_ENGINE": "mysql"}, 3306)],
)
def test_the_usual_port_is_that_of_the_engine(
    settings: dict[str, str], port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"DB_ENDPOINT": "h", "DB_NAME": "d", "DB_USER": "u", **settings}.items():
        monkeypatch.setenv(name, value)
    assert place_from_environment().port == port
    monkeypatch.setenv("DB_ENDPOINT", "h:7")
    assert place_from_environment().port == 7


@dataclass
class FakeConnection:
    """Answers of a server by the beginning of the statement; `said` are the statements."""

    lock: int = 1
    done: list[tuple[str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def run(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        self.said.append(sql.split("\n")[0])
        if sql.startswith("SELECT GET_LOCK"):
            return [(self.lock,)]
        if sql.startswith("INSERT INTO schema_migrations"):
            self.done.append((values["name"],))
        return list(self.done) if sql.startswith("SELECT name") else []


def test_a_migration_runs_once_and_gives_the_lock_back() -> None:
    connection: Any = FakeConnection()
    assert migrate_mysql(connection) == [name for name, _ in MYSQL_MIGRATIONS]
    assert connection.said[-1] == "SELECT RELEASE_LOCK(:name)"
    assert migrate_mysql(connection) == []


def test_a_lock_of_another_deployment_is_not_broken() -> None:
    connection: Any = FakeConnection(lock=0)
    with pytest.raises(LockedError):
        migrate_mysql(connection)
    assert connection.said == ["SELECT GET_LOCK(:name, :seconds)"]
    assert MYSQL_LOCK
