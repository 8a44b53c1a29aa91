"""The statements of PostgreSQL that add, change and remove an object of a schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aurora_cfn.model.database_schema import ObjectKind, SchemaObject

_Schema = Mapping[tuple[str, str, str], SchemaObject]


def table_of(row: SchemaObject) -> str:
    """See Statements; the table of an index is in its statement."""
    if row.kind != "index":
        return row.name
    # `public.orders` from `CREATE UNIQUE INDEX orders_note ON ONLY public.orders USING btree (note)`.
    return row.definition.partition(" ON ")[2].removeprefix("ONLY ").partition(" USING ")[0]


def in_table(row: SchemaObject) -> bool:
    """See Statements."""
    return row.kind == "column"


def added(row: SchemaObject, schema: _Schema) -> str:
    """See Statements."""
    return _added(row, [one for one in schema.values() if one.kind == "column" and one.name == row.name])


_TYPES: Mapping[ObjectKind, str] = {"enum": "type"}
_WHOLE = frozenset({"index", "function", "procedure", "trigger"})
"""Kinds whose definition is the whole statement."""


def _added(row: SchemaObject, columns: Sequence[SchemaObject]) -> str:
    if row.kind in _WHOLE:
        return _ended(row.definition)
    if row.kind == "table":
        return _new_table(row, columns)
    if row.kind == "column":
        return f"alter table {row.name} add column {row.part} {_in_line(row)};"
    if row.kind == "constraint":
        return f"alter table {row.name} add constraint {row.part} {row.definition};"
    if row.kind == "extension":
        return f"create extension {row.name} version '{row.definition}';"
    between = {"enum": " as enum (", "domain": " as ", "sequence": " ", "view": " as\n", "materialized view": " as\n"}
    end = ")" if row.kind == "enum" else ""
    return _ended(f"create {_type(row)} {row.name}{between.get(row.kind, '')}{row.definition}{end}")


def _new_table(row: SchemaObject, columns: Sequence[SchemaObject]) -> str:
    if row.definition.startswith("partition of "):
        return f"create table {row.name} {row.definition};"
    inner = ",\n".join(f"  {one.part} {_in_line(one)}" for one in columns)
    options = row.definition.removeprefix("unlogged").removesuffix("row level security").strip()
    kind = "unlogged table" if row.definition.startswith("unlogged") else "table"
    text = f"create {kind} {row.name} (\n{inner}\n){' ' + options if options else ''};"
    return f"{text}\n{_security(row)}" if row.definition.endswith("row level security") else text


def _security(row: SchemaObject) -> str:
    verb = "enable" if row.definition.endswith("row level security") else "disable"
    return f"alter table {row.name} {verb} row level security;"


def dropped(row: SchemaObject) -> str:
    """See Statements."""
    if row.kind in {"column", "constraint"}:
        return f"alter table {row.name} drop {row.kind} {row.part};"
    if row.kind == "trigger":
        return f"drop trigger {row.part} on {row.name};"
    return f"drop {_type(row)} {row.name};"


def changed(before: SchemaObject, after: SchemaObject, _: _Schema) -> Iterator[str]:
    """See Statements."""
    if after.kind == "column":
        yield from _changed_column(before, after)
    elif after.kind == "enum":
        yield from _changed_enum(before, after)
    elif after.kind == "extension":
        yield f"alter extension {after.name} update to '{after.definition}';"
    elif after.kind == "sequence":
        yield f"alter sequence {after.name} {after.definition};"
    elif after.kind in {"view", "function", "procedure"}:
        # pg_get_functiondef writes `CREATE OR REPLACE` by itself.
        yield _added(after, ()).replace("create view", "create or replace view", 1)
    elif after.kind == "table" and _plain(before) == _plain(after):
        yield _security(after)
    # A comment, and no statement: it would have to rewrite the table, or all that uses the domain.
    elif after.kind in {"table", "domain"}:
        yield f"-- {after.kind} {after.name}: was `{before.definition}`, is `{after.definition}`"
    else:
        yield dropped(before)
        yield _added(after, ())


def _changed_column(before: SchemaObject, after: SchemaObject) -> Iterator[str]:
    start = f"alter table {after.name} alter column {after.part}"
    (type_before, value_before, null_before), (kind, value, null) = _lines(before), _lines(after)
    if type_before != kind:
        yield f"{start} type {kind};"
    if value_before != value:
        # PostgreSQL has no statement that changes a generation expression before version 17, nor one into an identity.
        if "generated" in value + value_before:
            yield f"-- column {after.part} of {after.name}: was `{value_before}`, is `{value}`"
        else:
            yield f"{start} set {value};" if value else f"{start} drop default;"
    if null_before != null:
        yield f"{start} {'set' if null else 'drop'} not null;"


def _changed_enum(before: SchemaObject, after: SchemaObject) -> Iterator[str]:
    # A label cannot be removed from an enum, nor moved: only added ones are a statement.
    old, new = _labels(before), _labels(after)
    if [label for label in new if label in old] != old:
        yield f"-- enum {after.name}: was ({before.definition}), is ({after.definition})"
        return
    for place, label in enumerate(new):
        if label not in old:
            where = f" after {new[place - 1]}" if place else f" before {old[0]}" if old else ""
            yield f"alter type {after.name} add value {label}{where};"


def _labels(row: SchemaObject) -> list[str]:
    """The labels in their quotes; `', '` inside of a label is not a separator where a quote would be open."""
    found: list[str] = []
    for piece in row.definition.split(", ") if row.definition else ():
        if found and found[-1].count("'") % 2:
            found[-1] += f", {piece}"
        else:
            found.append(piece)
    return found


def _plain(row: SchemaObject) -> str:
    return row.definition.removesuffix("row level security").strip()


def _lines(row: SchemaObject) -> tuple[str, str, str]:
    kind, _, rest = row.definition.partition("\n")
    value, _, null = rest.rpartition("\n")  # a default may have several lines itself
    return kind, value, null


def _in_line(row: SchemaObject) -> str:
    return " ".join(piece for piece in _lines(row) if piece)


def _type(row: SchemaObject) -> str:
    return _TYPES.get(row.kind, row.kind)


def _ended(text: str) -> str:
    """The statement with one semicolon; the database ends views with one and functions without."""
    return f"{text.rstrip().removesuffix(';')};"
