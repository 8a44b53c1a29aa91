"""The schema of a PostgreSQL database, read over the Data API in one read-only transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import count

from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.model.database_schema import SchemaObject
from aurora_cfn.model.rows import Database, Rows
from aurora_cfn.operate.schema.queries import QUERIES
from aurora_cfn.ports import DataApi

# One snapshot for all queries: a migration that runs meanwhile is seen whole or not at all.
_SETTINGS = (
    "set transaction isolation level repeatable read read only",
    "set local search_path to ''",
    "set local statement_timeout = '30s'",
)


def read_schema(api: DataApi, database: Database) -> tuple[SchemaObject, ...]:
    """All objects, in the order in which they can be made. Raises InputError for a database of another kind."""
    if database.engine != "postgresql" or database.signed:
        other = "Aurora DSQL" if database.signed else "MySQL"
        raise InputError(f"schemas are read from the catalogs of PostgreSQL, and {database.stack} is {other}")
    opened = api.begin(database)
    try:
        for setting in _SETTINGS:
            api.execute(database, setting, transaction=opened)
        return tuple(_objects(api, database, opened))
    finally:
        with suppress(AwsError):  # nothing was written; the Data API itself rolls back after three minutes
            api.rollback(database, opened)


def _objects(api: DataApi, database: Database, opened: str) -> Iterator[SchemaObject]:
    for query, order, size in QUERIES:
        for page in count():
            text = f"{query} order by {order} limit {size} offset {page * size}"
            rows = api.execute(database, text, transaction=opened)
            yield from _rows(rows)
            if len(rows.rows) < size:
                break


def _rows(rows: Rows) -> Iterator[SchemaObject]:
    for kind, name, part, definition in rows.rows:
        yield SchemaObject(kind, str(name), str(part), str(definition))  # type: ignore[arg-type] # the queries write only kinds
