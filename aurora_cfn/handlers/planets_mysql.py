"""The migrations of planets for MySQL, where each change of the schema commits by itself: every one may run again."""

from __future__ import annotations

from collections.abc import Sequence

from .mysql import MysqlConnection

LOCK = "planets-migrations"
# Less than the 300 s of the function, so that it can still say why nothing was migrated.
LOCK_SECONDS = 200
LEDGER = """CREATE TABLE IF NOT EXISTS schema_migrations
    (name varchar(100) PRIMARY KEY, applied_at timestamp DEFAULT CURRENT_TIMESTAMP)"""

# Mean radii and sidereal periods: NASA planetary fact sheet, read 2026-11.
MIGRATIONS: Sequence[tuple[str, Sequence[str]]] = (
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
            """INSERT IGNORE INTO planets (position, name, radius_km, orbit_days) VALUES
                (1, 'Mercury', 2440, 88.0), (2, 'Venus', 6052, 224.7), (3, 'Earth', 6371, 365.2),
                (4, 'Mars', 3390, 687.0), (5, 'Jupiter', 69911, 4331), (6, 'Saturn', 58232, 10747),
                (7, 'Uranus', 25362, 30589), (8, 'Neptune', 24622, 59800)""",
        ),
    ),
)
"""Name and statements of each migration, in order; a released one must not change."""


class LockedError(Exception):
    """Another deployment migrates, and did not end in time."""


def migrate(connection: MysqlConnection, migrations: Sequence[tuple[str, Sequence[str]]] = MIGRATIONS) -> list[str]:
    """Apply the missing migrations under a lock; their names. Raises LockedError."""
    if connection.run("SELECT GET_LOCK(:name, :seconds)", name=LOCK, seconds=LOCK_SECONDS) != [(1,)]:
        raise LockedError(f"another migration holds the lock for more than {LOCK_SECONDS} s")
    try:
        connection.run(LEDGER)
        done = {row[0] for row in connection.run("SELECT name FROM schema_migrations")}
        pending = [(name, statements) for name, statements in migrations if name not in done]
        for name, statements in pending:
            for statement in statements:
                connection.run(statement)
            connection.run("INSERT INTO schema_migrations (name) VALUES (:name)", name=name)
    finally:
        connection.run("SELECT RELEASE_LOCK(:name)", name=LOCK)
    return [name for name, _ in pending]
