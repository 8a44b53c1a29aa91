"""The HTTP API: reads planets of PostgreSQL or MySQL through RDS Proxy. `planets_migration` makes their table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pg8000.native import Connection

from .answers import Answer, RefusalError, Request, answered
from .connection import Database, place_from_environment, transaction
from .mysql import opened
from .signing import rds_token

COLUMNS = ("position", "name", "radius_km", "orbit_days")
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM planets"
READ = "START TRANSACTION READ ONLY"
"""In the words that both engines know."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Entry point for API Gateway."""
    return answered(event, context, {"GET /planets": _all, "GET /planets/{name}": _one})


@cache
def database() -> Database:
    """The connection of this execution environment."""
    place = place_from_environment()
    return Database(lambda: opened(place, rds_token(place)))


def _all(request: Request) -> Answer:
    limit, after = request.limit(), request.query.get("after", "0")
    # A position is a smallint: four digits are enough, and PostgreSQL never sees a number out of range.
    if not (after.isascii() and after.isdigit() and len(after) < 5):
        raise RefusalError(400, "after must be the position of a planet")

    def read(connection: Connection) -> list[Any]:
        with transaction(connection, READ):
            sql = f"{_SELECT} WHERE position > :after ORDER BY position LIMIT :limit"
            return list(connection.run(sql, after=int(after), limit=limit + 1))

    rows = database().run(read)
    more = len(rows) > limit
    page = [_planet(row) for row in rows[:limit]]
    return Answer({"planets": page, "next": page[-1]["position"] if more else None})


def _one(request: Request) -> Answer:
    name = request.path.get("name", "")

    def read(connection: Connection) -> list[Any]:
        with transaction(connection, READ):
            return list(connection.run(f"{_SELECT} WHERE lower(name) = lower(:name)", name=name))

    rows = database().run(read)
    if not rows:
        raise RefusalError(404, "there is no such planet")
    return Answer(_planet(rows[0]))


def _planet(row: Any) -> dict[str, Any]:
    return dict(zip(COLUMNS, row, strict=True))
