"""Migrations of clients' databases: SQL files that run once in each, in the order of their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from aurora_cfn.errors import InputError
from aurora_cfn.model.rows import Database, SqlParameter
from aurora_cfn.ports import DataApi
from aurora_cfn.sql.run import Script, in_transaction, results
from aurora_cfn.sql.split import Statement, split

DIGITS = 12
"""Of the hash that is kept of each file: enough to notice an edit, short enough for a message."""
LEDGER = "aurora_cfn_migrations"
CREATE = f"""create table if not exists {LEDGER}
  (name text primary key, digest text not null, applied timestamptz not null default now())"""
READ = f"select name, digest from {LEDGER}"
WRITE = f"insert into {LEDGER} (name, digest) values (:name, :digest)"
# Two runs at once: the second one waits, and then finds the file in the ledger. The key is any number.
LOCK = "select pg_advisory_xact_lock(7193420011)::text"


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its path, the hash of its text, and its statements."""

    path: str
    digest: str
    statements: tuple[Statement, ...]

    @property
    def name(self) -> str:
        """The name in the ledger."""
        return self.path.rpartition("/")[2]


def read_migrations(files: Mapping[str, str]) -> tuple[Migration, ...]:
    """The migrations of these texts by path. Raises InputError with file and line for what the Data API cannot run."""
    found = [Migration(path, _digest(text), split(text, path=path)) for path, text in files.items()]
    return tuple(sorted(found, key=lambda row: row.name))


def pool_version(migrations: Sequence[Migration], limit: int) -> str:
    """The version of a pool: of its migrations and of the connections that a client may have."""
    return _digest("\0".join([str(limit), *(f"{row.name} {row.digest}" for row in migrations)]))


def migrate(api: DataApi, database: Database, migrations: Sequence[Migration]) -> int:
    """Run what the database does not have yet, each file in one transaction; how many ran.

    Raises SqlError with file and line for a statement that fails, InputError for a file that was changed after it ran.
    """
    if not migrations:
        return 0
    api.execute(database, CREATE)
    return sum(_run(api, database, row) for row in migrations if not _has(api, database, row))


def _has(api: DataApi, database: Database, migration: Migration, transaction: str | None = None) -> bool:
    rows = api.execute(database, READ, transaction=transaction).rows
    there = next((digest for name, digest in rows if name == migration.name), None)
    if there not in {None, migration.digest}:
        what = "was changed after it ran here: write a new file, and restore this one"
        raise InputError(f"{migration.path} {what}")
    return there is not None


def _run(api: DataApi, database: Database, migration: Migration) -> bool:
    with in_transaction(api, database) as opened:
        api.execute(database, LOCK, transaction=opened)
        if _has(api, database, migration, opened):
            return False
        script = Script(migration.statements, transaction=True, path=migration.path)
        for _ in results(api, database, script, opened):
            pass
        given = (SqlParameter("name", migration.name), SqlParameter("digest", migration.digest))
        api.execute(database, WRITE, given, transaction=opened)
    return True


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:DIGITS]
