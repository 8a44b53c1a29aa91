"""Migrates the database of the HTTP API; invoked by `migration_runner` before the new code of the API is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ssl import SSLError
from typing import Any

from pg8000.native import Connection, DatabaseError

from .connection import Database, UnavailableError, place_from_environment, transaction
from .log import described, record, sentence
from .mysql import MysqlConnection, opened
from .retry import retry_unavailable
from .signing import rds_token

LOCK, MYSQL_LOCK = 0x706C616E, "planets-migrations"
"""Keys of the lock, both arbitrary: of two deployments one waits for the other."""
# Shorter than the timeout of the function (300 s), so that a slow statement still gets an answer.
STATEMENT_SECONDS = 240.0
# The same for the lock of MySQL, after which the function still has to say why nothing was migrated.
LOCK_SECONDS = 200
LEDGER = "CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, applied_at timestamptz DEFAULT now())"
MYSQL_LEDGER = """CREATE TABLE IF NOT EXISTS schema_migrations
    (name varchar(100) PRIMARY KEY, applied_at timestamp DEFAULT CURRENT_TIMESTAMP)"""

Migrations = Sequence[tuple[str, Sequence[str]]]
"""Name and statements of each migration, in order; a released one must not change."""
# Mean radii and sidereal periods: NASA planetary fact sheet, read 2026-11.
_PLANETS = """INTO planets (position, name, radius_km, orbit_days) VALUES
                (1, 'Mercury', 2440, 88.0), (2, 'Venus', 6052, 224.7), (3, 'Earth', 6371, 365.2),
                (4, 'Mars', 3390, 687.0), (5, 'Jupiter', 69911, 4331), (6, 'Saturn', 58232, 10747),
                (7, 'Uranus', 25362, 30589), (8, 'Neptune', 24622, 59800)"""
MIGRATIONS: Migrations = (
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
            f"INSERT {_PLANETS}",
        ),
    ),
)
# In MySQL each change of the schema commits by itself: every statement may run again.
MYSQL_MIGRATIONS: Migrations = (
    (
        "0001-planets",
        (
            # The usual collations ignore case, so two names that differ only in case are the same.
            """CREATE TABLE IF NOT EXISTS planets (
                position smallint PRIMARY KEY CHECK (position > 0),
                name varchar(100) NOT NULL UNIQUE,
                radius_km integer NOT NULL CHECK (radius_km > 0),
                orbit_days double NOT NULL CHECK (orbit_days > 0)
            )""",
            f"INSERT IGNORE {_PLANETS}",
        ),
    ),
)


class LockedError(Exception):
    """Another deployment migrates, and did not end in time."""


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


def migrate(connection: Connection, migrations: Migrations = MIGRATIONS) -> list[str]:
    """Apply the missing migrations in one transaction, under a lock; their names."""
    with transaction(connection):
        connection.run(f"SELECT pg_advisory_xact_lock({LOCK})")
        return _apply_missing(connection, LEDGER, migrations)


def migrate_mysql(connection: MysqlConnection, migrations: Migrations = MYSQL_MIGRATIONS) -> list[str]:
    """Apply the missing migrations under a lock; their names. Raises LockedError."""
    if connection.run("SELECT GET_LOCK(:name, :seconds)", name=MYSQL_LOCK, seconds=LOCK_SECONDS) != [(1,)]:
        raise LockedError(f"another migration holds the lock for more than {LOCK_SECONDS} s")
    try:
        return _apply_missing(connection, MYSQL_LEDGER, migrations)
    finally:
        connection.run("SELECT RELEASE_LOCK(:name)", name=MYSQL_LOCK)


def _apply_missing(connection: Connection | MysqlConnection, ledger: str, migrations: Migrations) -> list[str]:
    connection.run(ledger)
    done = {row[0] for row in connection.run("SELECT name FROM schema_migrations")}
    pending = [(name, statements) for name, statements in migrations if name not in done]
    for name, statements in pending:
        for statement in statements:
            connection.run(statement)
        connection.run("INSERT INTO schema_migrations (name) VALUES (:name)", name=name)
    return [name for name, _ in pending]
