"""A difference between two schemas: as statements with a sign before each line, and as JSON."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence

from aurora_cfn.model.database_schema import SchemaChange
from aurora_cfn.report.text import escaped


def change_lines(changes: Iterable[SchemaChange]) -> str:
    """A line or more for each change: `+ alter table public.orders add column note text;`."""
    return "".join(f"{escaped(line)}\n" for change in changes for line in _lines(change))


def changes_json(changes: Sequence[SchemaChange]) -> str:
    """One array of objects: change, kind, name, part, statements, before."""
    names = {"+": "added", "-": "removed", "~": "changed"}
    rows = [
        {
            "change": names[row.sign],
            "kind": row.object.kind,
            "name": row.object.name,
            "part": row.object.part,
            "statements": list(row.statements),
            "before": row.before,
        }
        for row in changes
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def _lines(change: SchemaChange) -> list[str]:
    rows = [f"{change.sign} {line}" for text in change.statements for line in text.split("\n")]
    # Of a view or a function with many lines only those that changed are worth reading.
    if change.sign != "~" or "\n" not in change.object.definition or change.object.kind in {"column", "table"}:
        return rows
    before, after = change.before.rstrip().split("\n"), change.object.definition.rstrip().split("\n")
    words = difflib.unified_diff(before, after, n=1, lineterm="")
    name = f"{change.object.name} {change.object.part}".rstrip()
    return [f"~ {change.object.kind} {name}", *(f"    {line}" for line in list(words)[2:])]
