"""The difference between two schemas, as the statements that would make the first one as the second.

They are for reading: the order is right for most schemas, but statements that rewrite data or need a lock are not
labelled, and a renamed object is one that is removed and another that is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

from aurora_cfn.model.database_schema import SchemaChange, SchemaObject
from aurora_cfn.model.rows import Engine
from aurora_cfn.operate.schema import mysql_statements, postgres_statements

Key: TypeAlias = tuple[str, str, str]
Schema: TypeAlias = Mapping[Key, SchemaObject]


class Statements(Protocol):
    """The statements of one engine; a module has these functions."""

    def table_of(self, row: SchemaObject, /) -> str:
        """The name of the table that the object belongs to, its own name for a table."""

    def in_table(self, row: SchemaObject, /) -> bool:
        """Whether the statement of a new table contains the object."""

    def added(self, row: SchemaObject, schema: Schema, /) -> str:
        """The statement that makes the object in `schema`, which is the new one."""

    def dropped(self, row: SchemaObject, /) -> str:
        """The statement that removes the object."""

    def changed(self, before: SchemaObject, after: SchemaObject, schema: Schema, /) -> Iterator[str]:
        """The statements that make the object as it is in `schema`, which is the new one."""


STATEMENTS: Mapping[Engine, Statements] = {"postgresql": postgres_statements, "mysql": mysql_statements}


def compare(
    before: Iterable[SchemaObject], after: Iterable[SchemaObject], engine: Engine = "postgresql"
) -> tuple[SchemaChange, ...]:
    """What is added and changed in `after`, in its order, then what it no longer has, last made first."""
    old, new = {row.key: row for row in before}, {row.key: row for row in after}
    made = [row for row in new.values() if row.key not in old or old[row.key].definition != row.definition]
    gone = [row for row in reversed(old.values()) if row.key not in new]
    write = STATEMENTS[engine]
    return (*_made(made, old, new, write), *_removed(gone, old, new, write))


def _made(rows: Sequence[SchemaObject], old: Schema, new: Schema, write: Statements) -> Iterator[SchemaChange]:
    for row in rows:
        before = old.get(row.key)
        if before is not None:
            yield SchemaChange("~", row, tuple(write.changed(before, row, new)), before.definition)
        elif not write.in_table(row) or ("table", write.table_of(row), "") in old:
            yield SchemaChange("+", row, (write.added(row, new),))


def _removed(rows: Sequence[SchemaObject], old: Schema, new: Schema, write: Statements) -> Iterator[SchemaChange]:
    for row in rows:
        table = "table", write.table_of(row), ""
        # What belongs to a table that is gone goes with it.
        if table in new or table not in old or row.kind == "table":
            yield SchemaChange("-", row, (write.dropped(row),), row.definition)
