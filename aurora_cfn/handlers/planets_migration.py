"""Migrates the database of the HTTP API; invoked by `migration_runner` before the new code of the API is used."""

from __future__ import annotations

from collections.abc import Mapping
from ssl import SSLError
from typing import Any

from pg8000.native import Connection, DatabaseError

from .connection import Database, UnavailableError, place_from_environment, transaction
from .engines import opened
from .log import described, record, sentence
from .planets_mysql import LockedError
from .planets_mysql import migrate as migrate_mysql
from .retry import retry_unavailable
from .signing import rds_token

LOCK = 0x706C616E
"""Key of the advisory lock, an arbitrary number: of two deployments one waits for the other."""
# Shorter than the timeout of the function (300 s), so that a slow statement still gets an answer.
STATEMENT_SECONDS = 240.0
LEDGER = "CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, applied_at timestamptz DEFAULT now())"

# Mean radii and sidereal periods: NASA planetary fact sheet, read 2026-11.
MIGRATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "0001-planets",
        (
            """CREATE TABLE planets (
                position smallint PRIMARY KEY CHECK (position > 0),
                name text NOT NULL,
                radius_km integer NOT NULL CHECK (radius_km > 0),
                orbit_days double precision NOT NULL CHECK (orbit_days > 0)
            )""",
            "CREATE UNIQUE INDEX planets_name ON planets (lower(name))",
            """INSERT INTO planets (position, name, radius_km, orbit_days) VALUES
                (1, 'Mercury', 2440, 88.0), (2, 'Venus', 6052, 224.7), (3, 'Earth', 6371, 365.2),
                (4, 'Mars', 3390, 687.0), (5, 'Jupiter', 69911, 4331), (6, 'Saturn', 58232, 10747),
                (7, 'Uranus', 25362, 30589), (8, 'Neptune', 24622, 59800)""",
        ),
    ),
)
"""Name and statements of each migration, in order; a released one must not change."""


def handler(_event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Entry point: the names of the `applied` migrations, or the database's message as `failed`."""
    place = place_from_environment()
    database = Database(lambda: opened(place, rds_token(place), seconds=STATEMENT_SECONDS))
    try:
        # IAM roles are eventually consistent: the proxy may refuse one that was created seconds ago.
        work = migrate_mysql if place.engine == "mysql" else migrate
        applied = retry_unavailable(lambda: database.run(work))
    except (DatabaseError, UnavailableError, SSLError, LockedError) as error:
        record("ERROR", "the migration failed", **described(error))
        return {"failed": sentence(error)}
    finally:
        database.drop()
    record("INFO", "migrated", applied=applied)
    return {"applied": applied}


def migrate(connection: Connection, migrations: tuple[tuple[str, tuple[str, ...]], ...] = MIGRATIONS) -> list[str]:
    """Apply the missing migrations in one transaction, under a lock; their names."""
    with transaction(connection):
        connection.run(f"SELECT pg_advisory_xact_lock({LOCK})")
        connection.run(LEDGER)
        done = {row[0] for row in connection.run("SELECT name FROM schema_migrations")}
        pending = [(name, statements) for name, statements in migrations if name not in done]
        for name, statements in pending:
            for statement in statements:
                connection.run(statement)
            connection.run("INSERT INTO schema_migrations (name) VALUES (:name)", name=name)
    return [name for name, _ in pending]
