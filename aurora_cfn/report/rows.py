"""Rows as a table, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from aurora_cfn.model.rows import Rows
from aurora_cfn.report.cells import NUMERIC, cell_json, cell_text, json_string
from aurora_cfn.report.characters import escaped, shown, width

_NUMBERS = frozenset({"int2", "int4", "int8", "float4", "float8", "oid", "serial", "bigserial", *NUMERIC,
                      "smallint", "int", "integer", "bigint", "tinyint", "mediumint", "float", "double"})  # fmt: skip


def table(rows: Rows, *, null: str = "NULL", fit: int | None = None) -> str:
    """An aligned table, numbers to the right; where it is wider than `fit`, each row is a block of lines instead.

    Characters that could steer a terminal are shown as escapes.
    """
    heads = [shown(column.name) for column in rows.columns]
    cells = [[shown(cell_text(cell, null=null)) for cell in row] for row in rows.rows]
    widths = [max(map(width, column)) for column in zip(heads, *cells, strict=True)]
    if fit is not None and cells and sum(widths) + 3 * len(widths) - 3 > fit:
        return _blocks(heads, cells)
    right = [column.type in _NUMBERS for column in rows.columns]
    lines = [_line(heads, widths, [False] * len(heads)), "-+-".join("-" * size for size in widths)]
    return "\n".join(lines + [_line(row, widths, right) for row in cells]) + "\n"


def csv(rows: Rows, *, null: str = "", terminal: bool = False) -> str:
    """RFC 4180 with a header; NULL is the text `null` without quotes, an equal or empty text has them.

    Values are exact; only for a terminal what could steer it is shown as escapes.
    """
    lines = [[_quoted(column.name, null) for column in rows.columns]]
    lines += [[null if cell is None else _quoted(cell_text(cell), null) for cell in row] for row in rows.rows]
    whole = "".join(",".join(line) + "\r\n" for line in lines)
    return escaped(whole) if terminal else whole


def json_text(rows: Rows) -> str:
    """An array of objects, a row a line; a column name that is there twice gets `_2`."""
    names = [json_string(name) for name in _distinct([column.name for column in rows.columns])]
    lines = []
    for row in rows.rows:
        pairs = zip(names, row, rows.columns, strict=True)
        lines.append("{" + ", ".join(f"{name}: {cell_json(cell, column)}" for name, cell, column in pairs) + "}")
    return "[" + ",\n ".join(lines) + "]\n"


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    blanks = [" " * (size - width(cell)) for cell, size in zip(cells, widths, strict=True)]
    padded = [
        blank + cell if is_right else cell + blank for cell, blank, is_right in zip(cells, blanks, right, strict=True)
    ]
    return " | ".join(padded).rstrip()


def _blocks(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    size = max(map(width, heads))
    lines = []
    for number, row in enumerate(cells, 1):
        lines.append(f"-[ row {number} ]-")
        lines += [f"{head}{' ' * (size - width(head))} | {cell}" for head, cell in zip(heads, row, strict=True)]
    return "\n".join(lines) + "\n"


def _quoted(value: str, null: str) -> str:
    needs = value in {"", null} or any(mark in value for mark in ',"\r\n') or value != value.strip()
    return '"' + value.replace('"', '""') + '"' if needs else value


def _distinct(names: Sequence[str]) -> list[str]:
    taken = set(names)
    found: list[str] = []
    for name in names:
        if name in found:
            name = next(other for number in count(2) if (other := f"{name}_{number}") not in taken)
            taken.add(name)
        found.append(name)
    return found
