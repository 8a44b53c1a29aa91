"""The kept connection against a real PostgreSQL: verified, reused, renewed, replaced."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pg8000.native import Connection, DatabaseError, InterfaceError

from aurora_cfn.certificates import authority
from aurora_cfn.handlers.connection import Database, Place, UnavailableError, connected, transaction
from tests.handlers.server import PASSWORD

Connect = Callable[..., Connection]
pytestmark = pytest.mark.slow


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def pid(connection: Connection) -> int:
    return int(connection.run("SELECT pg_backend_pid()")[0][0])


def test_the_connection_is_encrypted(connect: Connect) -> None:
    (row,) = connect().run("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    assert row[0] is True
    assert row[1] in {"TLSv1.2", "TLSv1.3"}


def test_a_server_of_a_strange_authority_gets_no_token(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = tmp_path / "stranger.pem"
    stranger.write_text(authority("another", now=datetime.now(UTC), days=1).certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(stranger))
    with pytest.raises(ssl.SSLCertVerificationError):
        connected(place, PASSWORD)


def test_a_server_under_another_name_gets_no_token(place: Place) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="localhost"):
        connected(replace(place, host="localhost"), PASSWORD)


def test_one_connection_serves_many_calls(connect: Connect) -> None:
    database = Database(connect)
    assert len({database.run(pid) for _ in range(3)}) == 1


def test_an_old_connection_is_signed_in_anew(connect: Connect) -> None:
    clock = Clock()
    database = Database(connect, lifetime=60, clock=clock)
    first = database.run(pid)
    clock.now = 59
    assert database.run(pid) == first
    clock.now = 61
    assert database.run(pid) != first


def test_a_connection_that_was_ended_is_replaced_once(connect: Connect) -> None:
    database = Database(connect)
    first = database.run(pid)
    connect().run("SELECT pg_terminate_backend(:pid)", pid=first)
    assert database.run(pid) != first


def test_a_fresh_connection_that_is_lost_is_unavailable_and_tried_no_third_time(connect: Connect) -> None:
    tries = []

    def ends_itself(connection: Connection) -> None:
        tries.append(pid(connection))
        connection.run("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(UnavailableError):
        Database(connect).run(ends_itself)
    assert len(tries) == 1


def test_a_wrong_statement_keeps_the_connection(connect: Connect) -> None:
    database = Database(connect)
    first = database.run(pid)
    with pytest.raises(DatabaseError):
        database.run(lambda connection: connection.run("SELECT nonsense"))
    assert database.run(pid) == first


def test_a_refused_token_is_unavailable_and_never_logged(
    place: Place, connect: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UnavailableError):
        Database(lambda: connected(place, "wrong-token")).run(pid)
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["sqlstate"] == "28P01"
    assert "wrong-token" not in line


def test_no_one_listening_is_unavailable(place: Place) -> None:
    def refused() -> Connection:
        return connected(replace(place, port=1), PASSWORD)

    with pytest.raises(UnavailableError) as caught:
        Database(refused).run(pid)
    assert isinstance(caught.value.__cause__, InterfaceError)


def test_a_failed_transaction_leaves_nothing_and_the_connection_usable(connect: Connect) -> None:
    connection = connect()
    connection.run("CREATE TABLE t (n int)")

    def inserts_then_fails() -> None:
        with transaction(connection):
            connection.run("INSERT INTO t VALUES (1)")
            connection.run("SELECT nonsense")

    with pytest.raises(DatabaseError):
        inserts_then_fails()
    assert connection.run("SELECT count(*) FROM t") == [[0]]


def test_a_read_only_transaction_writes_nothing(connect: Connect) -> None:
    connection = connect()
    with pytest.raises(DatabaseError, match="read-only"), transaction(connection, "BEGIN READ ONLY"):
        connection.run("CREATE TABLE t (n int)")


def test_a_database_that_is_not_there_is_not_waited_for(place: Place, connect: Connect) -> None:
    with pytest.raises(DatabaseError):
        Database(lambda: connected(replace(place, database="nowhere"), PASSWORD)).run(pid)


def test_a_server_that_is_not_trusted_is_not_waited_for(place: Place) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        Database(lambda: connected(replace(place, host="localhost"), PASSWORD)).run(pid)
