"""The REST API: reads and adds games in Aurora DSQL. `games_migration` makes the schema, table and role."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from pg8000.native import Connection, DatabaseError

from .answers import Answer, RefusalError, Request, answered
from .connection import Database, code_of, connected, place_from_environment
from .retry import retry_conflicts
from .signing import dsql_token

COLUMNS = ("id", "title", "genre", "created_at")
_LIST = ", ".join(COLUMNS)
LONGEST = {"title": 200, "genre": 50}
TAKEN = "23505"
"""SQLSTATE of unique_violation."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Entry point for API Gateway."""
    return answered(event, context, {"GET /games": _all, "POST /games": _add, "GET /games/{id}": _one})


@cache
def database() -> Database:
    """The connection of this execution environment."""
    place = place_from_environment()
    return Database(lambda: connected(place, dsql_token(place)))


def _all(request: Request) -> Answer:
    limit, after = request.limit(), _id(request.query.get("after", str(UUID(int=0))))
    sql = f"SELECT {_LIST} FROM games.games WHERE id > :after ORDER BY id LIMIT :limit"
    rows = _run(lambda connection: connection.run(sql, after=after, limit=limit + 1))
    page = [_game(row) for row in rows[:limit]]
    return Answer({"games": page, "next": page[-1]["id"] if len(rows) > limit else None})


def _one(request: Request) -> Answer:
    return Answer(_game(_found(_id(request.path.get("id", "")))))


def _add(request: Request) -> Answer:
    given = request.json()
    unknown = sorted(set(given) - set(LONGEST))
    if unknown:
        raise RefusalError(400, f"unknown: {', '.join(unknown)[:200]}; a game has title and genre")
    values = {name: _text(name, given.get(name)) for name in LONGEST}
    if not values["title"]:
        raise RefusalError(400, "title is missing")
    # The id is made before the first attempt, so that a retry cannot add the game twice.
    identity = uuid4()
    _run(lambda connection: _insert(connection, identity, values))
    game = _game(_found(identity))
    return Answer(game, 201, {"location": f"games/{identity}"})


def _insert(connection: Connection, identity: UUID, values: Mapping[str, str | None]) -> list[Any]:
    sql = "INSERT INTO games.games (id, title, genre) VALUES (:id, :title, :genre)"
    try:
        return list(connection.run(sql, id=identity, **values) or ())
    except DatabaseError as error:
        if code_of(error) != TAKEN:
            raise
        return []  # an earlier attempt was committed, but its answer was lost


def _found(identity: UUID) -> Any:
    sql = f"SELECT {_LIST} FROM games.games WHERE id = :id"
    rows = _run(lambda connection: connection.run(sql, id=identity))
    if not rows:
        raise RefusalError(404, "there is no such game")
    return rows[0]


def _run(work: Any) -> list[Any]:
    return list(retry_conflicts(lambda: database().run(work)))


def _text(name: str, value: Any) -> str | None:
    if value is None:
        return None
    longest = LONGEST[name]
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= longest or "\x00" in value:
        raise RefusalError(400, f"{name} must be text of 1 to {longest} characters")
    return value.strip()


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise RefusalError(400, "an id is a UUID") from None


def _game(row: Any) -> dict[str, Any]:
    return dict(zip(COLUMNS, row, strict=True))
