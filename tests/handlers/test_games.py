"""The REST API's function and its migration; DSQL is PostgreSQL here but for its two statements on IAM."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from pg8000.native import Connection

from aurora_cfn.handlers import games
from aurora_cfn.handlers.connection import Place
from aurora_cfn.handlers.games_migration import is_mapped, prepare, release

Connect = Callable[..., Connection]
pytestmark = pytest.mark.slow
CONTEXT = SimpleNamespace(aws_request_id="request-1")
ROLE, PRINCIPAL = "games_api", "arn:aws:iam::123456789012:role/api"


class Dsql:
    """A connection to PostgreSQL that also understands `AWS IAM GRANT` and `AWS IAM REVOKE`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.statements: list[str] = []
        connection.run("CREATE SCHEMA IF NOT EXISTS sys")
        connection.run("CREATE TABLE IF NOT EXISTS sys.iam_pg_role_mappings (pg_role_name text, arn text)")

    def run(self, sql: str, **values: Any) -> Any:
        self.statements.append(sql)
        match = re.fullmatch(r'AWS IAM (GRANT|REVOKE) "?(\w+)"? (?:TO|FROM) \'([^\']+)\'', sql)
        if not match:
            return self._connection.run(sql, **values)
        insert = "INSERT INTO sys.iam_pg_role_mappings VALUES (:role, :arn)"
        delete = "DELETE FROM sys.iam_pg_role_mappings WHERE pg_role_name = :role AND arn = :arn"
        return self._connection.run(insert if match[1] == "GRANT" else delete, role=match[2], arn=match[3])


@pytest.fixture
def dsql(function: Place, connect: Connect) -> Dsql:
    administrator = Dsql(connect())
    prepare(administrator, "token_user", PRINCIPAL)
    return administrator


def call(route: str, **parts: Any) -> tuple[int, Any]:
    """A request as API Gateway's payload 1.0 has it: what is absent is null there."""
    method, resource = route.split()
    event = {"httpMethod": method, "resource": resource, "pathParameters": None, "queryStringParameters": None}
    answer = games.handler(event | {"body": None} | parts, CONTEXT)
    return answer["statusCode"], json.loads(answer["body"])


def add(**game: Any) -> tuple[int, Any]:
    return call("POST /games", body=json.dumps(game))


def test_a_game_is_kept_and_found_again(dsql: Dsql) -> None:
    status, game = add(title=" Go ", genre="board")
    assert (status, game["title"], game["genre"]) == (201, "Go", "board")
    assert call("GET /games/{id}", pathParameters={"id": game["id"]}) == (200, game)


def test_games_come_in_pages(dsql: Dsql) -> None:
    added = {add(title=f"game {number}")[1]["id"] for number in range(5)}
    seen: list[str] = []
    query: dict[str, str] | None = {"limit": "2"}
    while query:
        status, body = call("GET /games", queryStringParameters=query)
        assert status == 200
        seen += [game["id"] for game in body["games"]]
        query = {"limit": "2", "after": body["next"]} if body["next"] else None
    assert (len(seen), set(seen)) == (5, added)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("", "JSON object"),
        ("{", "not JSON"),
        ("[]", "JSON object"),
        ("{}", "title is missing"),
        ('{"title": ""}', "title must be text"),
        ('{"title": 1}', "title must be text"),
        ('{"title": "a\\u0000b"}', "title must be text"),
        (json.dumps({"title": "x" * 201}), "200 characters"),
        ('{"title": "x", "genre": ""}', "genre must be text"),
        ('{"title": "x", "price": 1}', "unknown: price"),
    ],
)
def test_what_is_no_game_is_refused_in_words(dsql: Dsql, body: str, word: str) -> None:
    status, answer = call("POST /games", body=body)
    assert status == 400
    assert word in answer["error"]
    assert call("GET /games")[1]["games"] == []


def test_a_large_body_is_refused_unread(dsql: Dsql) -> None:
    assert call("POST /games", body=json.dumps({"title": "x" * 70000}))[0] == 413


def test_a_base64_body_is_read(dsql: Dsql) -> None:
    assert call("POST /games", body="eyJ0aXRsZSI6ICJHbyJ9", isBase64Encoded=True)[0] == 201


@pytest.mark.parametrize("text", ["", "1", "x' OR 1=1", "00000000-0000-0000-0000"])
def test_an_id_that_is_no_uuid_is_refused(dsql: Dsql, text: str) -> None:
    assert call("GET /games/{id}", pathParameters={"id": text}) == (400, {"error": "an id is a UUID"})


def test_an_id_of_nothing_is_not_found(dsql: Dsql) -> None:
    nothing = {"id": "00000000-0000-4000-8000-000000000000"}
    assert call("GET /games/{id}", pathParameters=nothing) == (404, {"error": "there is no such game"})


def test_an_insert_whose_answer_was_lost_is_not_done_twice(dsql: Dsql, connect: Connect) -> None:
    from uuid import uuid4

    identity = uuid4()
    for _ in range(2):
        games._insert(connect(), identity, {"title": "once", "genre": None})
    assert connect().run("SELECT count(*) FROM games.games") == [[1]]


def test_the_api_role_may_read_and_add_and_nothing_more(dsql: Dsql, connect: Connect) -> None:
    rights = "SELECT privilege_type FROM information_schema.table_privileges WHERE grantee = 'token_user'"
    assert sorted(row[0] for row in connect().run(rights + " AND table_schema = 'games'")) == ["INSERT", "SELECT"]


def test_preparing_twice_changes_nothing(dsql: Dsql) -> None:
    before = list(dsql.statements)
    dsql.statements.clear()
    prepare(dsql, "token_user", PRINCIPAL)
    assert not [text for text in dsql.statements if text.startswith(("AWS", "CREATE ROLE"))]
    assert any(text.startswith("AWS IAM GRANT") for text in before)


def test_the_role_is_made_tied_and_let_go(dsql: Dsql, connect: Connect) -> None:
    role = f"r{CONTEXT.aws_request_id[-1]}_{connect().run('SELECT current_database()')[0][0]}"
    prepare(dsql, role, PRINCIPAL)
    assert is_mapped(dsql, role, PRINCIPAL)
    release(dsql, role, PRINCIPAL)
    assert not is_mapped(dsql, role, PRINCIPAL)
    dsql.run(f"DROP OWNED BY {role}")
    dsql.run(f"DROP ROLE {role}")


def test_the_administrator_needs_no_role_and_no_tie(connect: Connect) -> None:
    connection = Dsql(connect())
    prepare(connection, "admin", PRINCIPAL)
    release(connection, "admin", PRINCIPAL)
    assert all("CREATE SCHEMA" in text or "CREATE TABLE" in text for text in connection.statements)
