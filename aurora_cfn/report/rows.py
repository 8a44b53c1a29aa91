"""Result rows of SQL as a table, JSON and CSV."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from itertools import count

from aurora_cfn.model.rows import Cell, Column, Rows
from aurora_cfn.report.text import cut, escaped, escaped_json, shown, width

NUMERIC = frozenset({"numeric", "decimal"})
_JSON = frozenset({"json", "jsonb"})
_JSON_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
# What PostgreSQL leaves without quotes in an array literal.
_BARE = re.compile(r'[^\s{}",\\]+')


def cell_text(cell: Cell, *, null: str = "NULL") -> str:
    """The value as PostgreSQL writes it, with arrays in braces and bytea in hexadecimal, but true and false in full."""
    if cell is None:
        return null
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, bytes):
        return f"\\x{cell.hex()}"
    if isinstance(cell, float):
        return _float(cell)
    if isinstance(cell, tuple):
        return "{" + ",".join(map(_element, cell)) + "}"
    return str(cell)


def cell_json(cell: Cell, column: Column) -> str:
    """The value as JSON: numbers with all digits, JSON columns embedded, bytea as hexadecimal text."""
    kind = column.type.removeprefix("_")
    if isinstance(cell, tuple):
        return "[" + ", ".join(cell_json(item, column) for item in cell) + "]"
    if isinstance(cell, str):
        exact = kind in NUMERIC and _JSON_NUMBER.fullmatch(cell)
        return cell if exact else _document(cell) if kind in _JSON else escaped_json(cell)
    if isinstance(cell, bytes) or (isinstance(cell, float) and not math.isfinite(cell)):
        return escaped_json(cell_text(cell))
    return json.dumps(cell)


def _float(number: float) -> str:
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
    return repr(number).removesuffix(".0")


def _element(cell: Cell) -> str:
    """An element of an array literal, in quotes if it needs them."""
    if cell is None or isinstance(cell, tuple):
        return cell_text(cell)
    written = cell_text(cell)
    if _BARE.fullmatch(written) and written.upper() != "NULL":
        return written
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _document(written: str) -> str:
    """A JSON document on one line, unchanged but for line ends; other text as a JSON string."""
    # Not dumped again: that would round numbers.
    try:
        json.loads(written)
    except (ValueError, RecursionError):
        return escaped_json(written)
    return escaped(" ".join(written.split("\n")), form="json")


_NUMBERS = frozenset({"int2", "int4", "int8", "float4", "float8", "oid", "serial", "bigserial", *NUMERIC,
                      "smallint", "int", "integer", "bigint", "tinyint", "mediumint", "float", "double"})  # fmt: skip


LEAST = 20
"""Columns that a last column has at least after it was cut."""


def table(rows: Rows, *, null: str = "NULL", fit: int | None = None, cut_last: bool = False) -> str:
    """An aligned table without control characters; if it is wider than `fit` columns, a block of lines per row.

    With `cut_last` the last column, such as that of a query, is cut instead where that is enough.
    """
    heads = [shown(column.name) for column in rows.columns]
    cells = [[shown(cell_text(cell, null=null)) for cell in row] for row in rows.rows]
    widths = [max(map(width, column)) for column in zip(heads, *cells, strict=True)]
    if fit is not None and cells and sum(widths) + 3 * len(widths) - 3 > fit:
        rest = fit - sum(widths[:-1]) - 3 * (len(widths) - 1)
        if not cut_last or rest < LEAST:
            return _blocks(heads, cells)
        cells = [[*row[:-1], row[-1] if width(row[-1]) <= rest else f"{cut(row[-1], rest - 3)}..."] for row in cells]
        widths[-1] = rest
    right = [column.type in _NUMBERS for column in rows.columns]
    lines = [_line(heads, widths, [False] * len(heads)), "-+-".join("-" * size for size in widths)]
    return "\n".join(lines + [_line(row, widths, right) for row in cells]) + "\n"


def csv(rows: Rows, *, null: str = "", terminal: bool = False) -> str:
    """CSV (RFC 4180) with a header; NULL is `null` without quotes, and equal or empty texts are quoted.

    Control characters are escaped only for a terminal; otherwise values are exact.
    """
    lines = [[_quoted(column.name, null) for column in rows.columns]]
    # PostgreSQL's COPY does the same: NULL bare, text that looks like it in quotes.
    lines += [[null if cell is None else _quoted(cell_text(cell), null) for cell in row] for row in rows.rows]
    whole = "".join(",".join(line) + "\r\n" for line in lines)
    return escaped(whole) if terminal else whole


def json_text(rows: Rows) -> str:
    """A JSON array with an object a line for each row; a repeated column name gets `_2`."""
    names = [escaped_json(name) for name in _distinct([column.name for column in rows.columns])]
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
    needs = value in {"", null} or any(sign in value for sign in ',"\r\n') or value != value.strip()
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
