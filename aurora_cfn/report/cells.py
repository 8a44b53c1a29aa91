"""One value of a row as text, and as JSON."""

from __future__ import annotations

import json
import math
import re

from aurora_cfn.model.rows import Cell, Column
from aurora_cfn.report.characters import escaped

NUMERIC = frozenset({"numeric", "decimal"})
_JSON = frozenset({"json", "jsonb"})
_JSON_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_BARE = re.compile(r'[^\s{}",\\]+')


def cell_text(cell: Cell, *, null: str = "NULL") -> str:
    """The value as PostgreSQL writes it, arrays in braces and bytea in hexadecimal; booleans in full."""
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
    """The value as JSON: numbers with all their digits, JSON columns embedded, bytea as its hexadecimal text."""
    kind = column.type.removeprefix("_")
    if isinstance(cell, tuple):
        return "[" + ", ".join(cell_json(item, column) for item in cell) + "]"
    if isinstance(cell, str):
        exact = kind in NUMERIC and _JSON_NUMBER.fullmatch(cell)
        return cell if exact else _document(cell) if kind in _JSON else json_string(cell)
    if isinstance(cell, bytes) or (isinstance(cell, float) and not math.isfinite(cell)):
        return json_string(cell_text(cell))
    return json.dumps(cell)


def json_string(text: str) -> str:
    """A JSON string; what could steer a terminal is an escape in it."""
    return escaped(json.dumps(text, ensure_ascii=False), form="json")


def _float(number: float) -> str:
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
    return repr(number).removesuffix(".0")


def _element(cell: Cell) -> str:
    """An element of an array literal: in quotes where it could be read as something else."""
    if cell is None or isinstance(cell, tuple):
        return cell_text(cell)
    written = cell_text(cell)
    if _BARE.fullmatch(written) and written.upper() != "NULL":
        return written
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _document(written: str) -> str:
    """A JSON document on one line, with its own digits and order of keys; what is none becomes a string."""
    try:
        json.loads(written)
    except (ValueError, RecursionError):
        return json_string(written)
    return escaped(" ".join(written.split("\n")), form="json")
