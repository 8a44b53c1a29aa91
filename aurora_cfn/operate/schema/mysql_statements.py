"""The statements of MySQL that add, change and remove an object of a schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.model.database_schema import SchemaObject

_Schema = Mapping[tuple[str, str, str], SchemaObject]
_WHOLE = frozenset({"view", "function", "procedure", "trigger"})
"""Kinds whose definition is the whole statement."""


def table_of(row: SchemaObject) -> str:
    """See Statements."""
    return row.name


def in_table(row: SchemaObject) -> bool:
    """See Statements. A foreign key may refer to a table that is made later; an AUTO_INCREMENT column needs its key."""
    return row.kind in {"column", "index"} or (row.kind == "constraint" and row.definition.startswith("check "))


def added(row: SchemaObject, schema: _Schema) -> str:
    """See Statements."""
    if row.kind in _WHOLE:
        return f"{row.definition.rstrip().removesuffix(';')};"
    if row.kind == "schema":
        return f"create database {row.name} {row.definition};"
    if row.kind == "table":
        inner = ",\n".join(
            f"  {_part(one, schema)}" for one in schema.values() if one.name == row.name and in_table(one)
        )
        return f"create table {row.name} (\n{inner}\n) {row.definition.rstrip()};"
    return f"alter table {row.name} add {_part(row, schema)};"


def dropped(row: SchemaObject) -> str:
    """See Statements."""
    if row.kind in {"column", "constraint", "index"}:
        return f"alter table {row.name} drop {_dropped_part(row)};"
    if row.kind == "trigger":
        return f"drop trigger {row.part};"
    return f"drop {'database' if row.kind == 'schema' else row.kind} {row.name};"


def changed(before: SchemaObject, after: SchemaObject, schema: _Schema) -> Iterator[str]:
    """See Statements."""
    if after.kind == "schema":
        yield f"alter database {after.name} {after.definition};"
    elif after.kind == "table":
        yield from _changed_table(before, after)
    elif after.kind == "column":
        yield f"alter table {after.name} modify {_part(after, schema)};"
    elif after.kind == "index":
        yield f"alter table {after.name} drop {_dropped_part(before)}, add {_part(after, schema)};"
    else:
        # A view is replaced by its statement; MySQL replaces neither routines nor triggers, and InnoDB refuses a
        # foreign key that is dropped and added in one statement (error 1005, errno 121).
        if after.kind != "view":
            yield dropped(before)
        yield added(after, schema)


def _changed_table(before: SchemaObject, after: SchemaObject) -> Iterator[str]:
    (old, _, parts_before), (new, _, parts) = before.definition.partition("\n"), after.definition.partition("\n")
    if old != new:
        yield f"alter table {after.name} {new};"
    if parts_before != parts:
        yield f"alter table {after.name} {parts or 'remove partitioning'};"


def _part(row: SchemaObject, schema: _Schema) -> str:
    """The object as it stands in `create table`, and after `add`."""
    if row.kind == "index":
        return row.definition
    if row.kind == "constraint":
        return f"constraint {row.part} {row.definition}"
    kind, _, rest = row.definition.partition("\n")
    collation, _, more = rest.partition("\n")
    table = schema.get(("table", row.name, ""))
    # The collation of the table is that of its columns where they name none.
    same = table is not None and f" {collation} " in f" {table.definition.partition(chr(10))[0]} "
    words = f"{kind}{' ' + collation if collation and not same else ''}{' ' + more if more else ''}"
    return f"{row.part} {words}"


def _dropped_part(row: SchemaObject) -> str:
    if row.kind == "column":
        return f"column {row.part}"
    if row.kind == "constraint":
        return f"constraint {row.part}"
    return "primary key" if row.part == "`PRIMARY`" else f"index {row.part}"
