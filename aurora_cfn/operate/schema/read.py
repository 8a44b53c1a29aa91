"""The schema of a PostgreSQL or MySQL database, read over the Data API in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count

from aurora_cfn.errors import InputError
from aurora_cfn.model.database_schema import SchemaObject
from aurora_cfn.model.rows import Cell, Database
from aurora_cfn.operate.schema import mysql_queries, postgres_queries
from aurora_cfn.ports import DataApi
from aurora_cfn.sql.run import rolled_back

# One snapshot for all queries: a migration that runs meanwhile is seen whole or not at all.
_POSTGRES_SETTINGS = (
    "set transaction isolation level repeatable read read only",
    "set local search_path to ''",
    "set local statement_timeout = '30s'",
)
_Run = Callable[[str], Sequence[Sequence[Cell]]]


def read_schema(api: DataApi, database: Database) -> tuple[SchemaObject, ...]:
    """All objects, in the order in which they can be made. Raises InputError for Aurora DSQL."""
    if database.signed:
        raise InputError(f"schemas of PostgreSQL and MySQL can be compared, and {database.stack} is Aurora DSQL")
    with rolled_back(api, database) as opened:

        def run(sql: str) -> Sequence[Sequence[Cell]]:
            return api.execute(database, sql, transaction=opened).rows

        return tuple(_mysql(run) if database.engine == "mysql" else _postgres(run))


def _postgres(run: _Run) -> Iterator[SchemaObject]:
    for setting in _POSTGRES_SETTINGS:
        run(setting)
    for cells in _pages(run, postgres_queries.QUERIES):
        yield _object(*cells)


def _mysql(run: _Run) -> Iterator[SchemaObject]:
    version = str(run("select version()")[0][0])
    for kind, name, part, *rest in _pages(run, mysql_queries.queries(version)):
        definition = mysql_queries.definition_of_column(version, rest) if kind == "column" else rest[0]
        yield _object(kind, name, part, definition)


def _pages(run: _Run, queries: Sequence[tuple[str, str, int]]) -> Iterator[Sequence[Cell]]:
    for query, order, size in queries:
        for page in count():
            rows = run(f"{query} order by {order} limit {size} offset {page * size}")
            yield from rows
            # A page that is not full is the last one; a full one may be too, which costs one more call.
            if len(rows) < size:
                break


def _object(kind: Cell, name: Cell, part: Cell, definition: Cell) -> SchemaObject:
    return SchemaObject(kind, str(name), str(part), str(definition))  # type: ignore[arg-type] # the queries write only kinds
