"""Results of checks as lines and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.model.inspection import Inspected
from aurora_cfn.report.rows import json_text
from aurora_cfn.report.text import escaped_json, folded, shown


def verdict_lines(results: Sequence[Inspected], columns: int) -> str:
    """A line a check: its grade, its name, its sentence, folded to that many columns."""
    size = max((len(row.name) for row in results), default=0)
    indent = " " * (size + 8)
    return "".join(
        folded(f"{row.grade:<4}  {row.name:<{size}}  {shown(row.text)}", columns, indent) + "\n" for row in results
    )


def inspected_json(results: Sequence[Inspected]) -> str:
    """A JSON array with an object a check, its rows included."""
    return "[" + ",\n ".join(map(_object, results)) + "]\n"


def _object(row: Inspected) -> str:
    given = {"check": row.name, "grade": row.grade, "text": row.text}
    fields = [f'"{key}": {escaped_json(value)}' for key, value in given.items()]
    return "{" + ", ".join([*fields, f'"rows": {json_text(row.rows).strip()}']) + "}"
