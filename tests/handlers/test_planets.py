"""The HTTP API's function and its migration, against a real PostgreSQL."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from pg8000.native import Connection, DatabaseError

from aurora_cfn.handlers import planets, planets_migration
from aurora_cfn.handlers.connection import Place
from aurora_cfn.handlers.planets_migration import migrate

Connect = Callable[..., Connection]
pytestmark = pytest.mark.slow
CONTEXT = SimpleNamespace(aws_request_id="request-1")


def call(route: str, *, path: dict[str, str] | None = None, query: dict[str, str] | None = None) -> tuple[int, Any]:
    """A request as API Gateway's payload 2.0 has it; keys without values are left out there."""
    event: dict[str, Any] = {"version": "2.0", "routeKey": route}
    event |= {"pathParameters": path} if path else {}
    event |= {"queryStringParameters": query} if query else {}
    answer = planets.handler(event, CONTEXT)
    assert answer["headers"]["content-type"] == "application/json"
    return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture
def migrated(function: Place) -> Place:
    assert planets_migration.handler({}, None) == {"applied": ["0001-planets"]}
    return function


def test_all_planets_come_in_order(migrated: Place) -> None:
    status, body = call("GET /planets")
    assert status == 200
    assert [planet["position"] for planet in body["planets"]] == list(range(1, 9))
    assert body["planets"][2] == {"position": 3, "name": "Earth", "radius_km": 6371, "orbit_days": 365.2}
    assert body["next"] is None


def test_pages_follow_each_other_without_gap_or_overlap(migrated: Place) -> None:
    names, after = [], "0"
    while after:
        _, body = call("GET /planets", query={"limit": "3", "after": after})
        names.append([planet["name"] for planet in body["planets"]])
        after = str(body["next"] or "")
    assert [len(page) for page in names] == [3, 3, 2]
    assert len({name for page in names for name in page}) == 8


@pytest.mark.parametrize("name", ["Saturn", "saturn", "SATURN"])
def test_one_planet_is_found_whatever_the_case(migrated: Place, name: str) -> None:
    status, body = call("GET /planets/{name}", path={"name": name})
    assert (status, body["position"]) == (200, 6)


@pytest.mark.parametrize("name", ["Pluto", "' OR 1=1 --", "", "%"])
def test_what_is_no_planet_is_not_found(migrated: Place, name: str) -> None:
    assert call("GET /planets/{name}", path={"name": name}) == (404, {"error": "there is no such planet"})


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"after": "-1"}, "after"),
        ({"after": "1;"}, "after"),
        ({"after": "99999"}, "after"),
    ],
)
def test_wrong_questions_are_refused_in_words(migrated: Place, query: dict[str, str], word: str) -> None:
    status, body = call("GET /planets", query=query)
    assert status == 400
    assert word in body["error"]


def test_an_unknown_route_is_not_found(function: Place) -> None:
    assert call("DELETE /planets") == (404, {"error": "there is nothing here"})


def test_without_the_table_the_caller_learns_an_id_and_the_log_the_cause(
    function: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("GET /planets") == (500, {"error": "internal error", "requestId": "request-1"})
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["message"] for line in lines] == ["the request failed", "answered"]
    assert (lines[0]["sqlstate"], lines[0]["level"]) == ("42P01", "ERROR")
    assert all(line["requestId"] == "request-1" for line in lines)


def test_an_unreachable_database_is_said_and_may_be_retried(function: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_ENDPOINT", "127.0.0.1:1")
    answer = planets.handler({"routeKey": "GET /planets"}, CONTEXT)
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "2")
    assert "127.0.0.1" not in answer["body"]


def test_warm_calls_share_one_connection(migrated: Place, connect: Connect) -> None:
    for _ in range(3):
        call("GET /planets")
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'token_user' AND datname = current_database()"
    assert connect().run(sessions) == [[1]]


def test_a_migration_that_cannot_work_says_why(function: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_NAME", "nowhere")
    outcome = planets_migration.handler({}, None)
    assert outcome == {"failed": 'DatabaseError 3D000: database "nowhere" does not exist'}


def test_a_second_migration_applies_nothing(migrated: Place) -> None:
    assert planets_migration.handler({}, None) == {"applied": []}


def test_a_failing_migration_leaves_nothing_of_it(connect: Connect) -> None:
    broken = (("0001-a", ("CREATE TABLE a (n int)", "SELECT nonsense")),)
    with pytest.raises(DatabaseError):
        migrate(connect(), broken)
    assert connect().run("SELECT to_regclass('a'), to_regclass('schema_migrations')") == [[None, None]]
    assert migrate(connect(), (("0001-a", ("CREATE TABLE a (n int)",)),)) == ["0001-a"]


def test_a_ledger_of_newer_code_is_left_alone(connect: Connect) -> None:
    """After a rolled back deployment the older code migrates once more."""
    newer = (("0001-a", ("CREATE TABLE a (n int)",)), ("0002-b", ("CREATE TABLE b (n int)",)))
    assert migrate(connect(), newer) == ["0001-a", "0002-b"]
    assert migrate(connect(), newer[:1]) == []


def test_two_deployments_at_once_migrate_once(connect: Connect) -> None:
    slow = (("0001-a", ("CREATE TABLE a (n int)", "SELECT pg_sleep(0.2)")),)
    applied: list[list[str]] = []
    connections = [connect(), connect()]
    threads = [threading.Thread(target=lambda each=each: applied.append(migrate(each, slow))) for each in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(applied) == [[], ["0001-a"]]
