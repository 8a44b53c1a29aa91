"""A transaction's private copy of a table, and how it is written back when the transaction commits.

DSQL has no locks: a statement that meets the change of another open transaction continues. PostgreSQL would wait, so
the rest of the transaction works on a copy of its snapshot under the same name; the differences are written at commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aurora_cfn.local.postgres.administration import administrator
from aurora_cfn.local.postgres.server import PostgresServer
from aurora_cfn.sqltext.quoting import identifier

_RESOLVE = """
    SELECT n.nspname, c.relname, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = to_regclass(%s) AND c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'sys')
"""
_COLUMNS = """
    SELECT a.attname, a.attidentity <> '', a.attnum = ANY (coalesce(i.indkey::int2[], '{}')),
           pg_get_serial_sequence(a.attrelid::regclass::text, a.attname)
    FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY a.attnum
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: where it is, its columns, those of its key, and the sequences of its identity columns."""

    schema: str
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    sequences: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        """The name as it stands in statements that name its schema."""
        return f"{self.schema}.{self.name}"

    def opening(self) -> tuple[str, ...]:
        """The statements that make the copy; LIKE would give an identity column a sequence of its own."""
        names = _list(self.columns)
        defaults = (
            f"ALTER TABLE {self._copy} ALTER COLUMN {identifier(column)} SET DEFAULT nextval('{sequence}')"
            for column, sequence in self.sequences
        )
        return (
            f"CREATE TEMPORARY TABLE {identifier(self.name)} (LIKE {self._original} INCLUDING DEFAULTS "
            "INCLUDING CONSTRAINTS INCLUDING INDEXES INCLUDING GENERATED) ON COMMIT DROP",
            *defaults,
            f"INSERT INTO {self._copy} ({names}) SELECT {names} FROM {self._original}",
            "DISCARD PLANS",  # prepared statements must find the copy under the name of the table
        )

    def closing(self) -> tuple[str, ...]:
        """The statements that write the differences back; PostgreSQL refuses them where a row changed meanwhile."""
        keys = self.key or self.columns
        same = " AND ".join(f"o.{identifier(name)} IS NOT DISTINCT FROM n.{identifier(name)}" for name in keys)
        names, news, olds = _list(self.columns), _list(self.columns, "n."), _list(self.columns, "o.")
        changed = f"ROW({news})::text IS DISTINCT FROM ROW({olds})::text"  # as text, since json cannot be compared
        rest = [name for name in self.columns if name not in keys]
        updates = ", ".join(f"{identifier(name)} = n.{identifier(name)}" for name in rest)
        update = f"UPDATE {self._original} o SET {updates} FROM {self._copy} n WHERE {same} AND {changed}"
        return (
            # A row that was only locked, with FOR UPDATE, conflicts too; xmax is set on such rows of the copy.
            f"SELECT 1 FROM {self._original} o WHERE EXISTS (SELECT FROM {self._copy} n WHERE {same} "
            "AND n.xmax::text <> '0') FOR UPDATE",
            f"DELETE FROM {self._original} o WHERE NOT EXISTS (SELECT FROM {self._copy} n WHERE {same})",
            *([update] if rest else []),
            f"INSERT INTO {self._original} ({names}) OVERRIDING SYSTEM VALUE SELECT {news} FROM {self._copy} n "
            f"WHERE NOT EXISTS (SELECT FROM {self._original} o WHERE {same})",
        )

    @property
    def _original(self) -> str:
        return f"{identifier(self.schema)}.{identifier(self.name)}"

    @property
    def _copy(self) -> str:
        return f"pg_temp.{identifier(self.name)}"


def tables(server: PostgresServer, names: Sequence[str]) -> tuple[Table, ...]:
    """The tables of these names; what is no table is left out."""
    with administrator(server) as cursor:
        return tuple(found for name in dict.fromkeys(names) if (found := _table(cursor, name)))


def _table(cursor: Any, name: str) -> Table | None:
    cursor.execute(_RESOLVE, (name,))
    place = cursor.fetchone()
    if place is None:
        return None
    cursor.execute(_COLUMNS, (place[2],))
    rows = cursor.fetchall()
    return Table(
        schema=place[0],
        name=place[1],
        columns=tuple(row[0] for row in rows),
        key=tuple(row[0] for row in rows if row[2]),
        sequences=tuple((row[0], row[3]) for row in rows if row[1] and row[3]),
    )


def _list(names: Sequence[str], prefix: str = "") -> str:
    return ", ".join(prefix + identifier(name) for name in names)
