"""Values of a result as the service's Field and as JSON records.

Values come as PostgreSQL's own text; arrays and times are only re-cut, never computed with.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

from aurora_cfn.local.dataapi.columns import Column
from aurora_cfn.local.dataapi.errors import DataApiError

INTEGERS = frozenset({"int2", "int4", "int8", "oid"})
FLOATS = frozenset({"float4", "float8"})
LONGEST_ANSWER = 1024 * 1024
"""Bytes of an answer (Data API limits, Aurora User Guide, read 2026-11)."""
Options = dict[str, str]


def field(text: str | None, column: Column, options: Options) -> dict[str, Any]:
    """One value as a Field."""
    if text is None:
        return {"isNull": True}
    if column.is_array:
        return {"arrayValue": _array(_elements(text), column.element)}
    return _scalar(text, column.type, options)


def plain(text: str | None, column: Column) -> Any:
    """One value as formatRecordsAs=JSON shows it."""
    if text is None:
        return None
    convert = _plain_converter(column.element)
    return _mapped(_elements(text), convert) if column.is_array else convert(text)


def records_as_json(rows: Sequence[Sequence[str | None]], columns: Sequence[Column]) -> str:
    """`formattedRecords`: a JSON text of a list of objects."""
    labelled = [{column.label: plain(text, column) for column, text in zip(columns, row, strict=True)} for row in rows]
    return json.dumps(labelled, ensure_ascii=False, separators=(",", ":"))


def refuse_too_long(text: str) -> None:
    """Raise when an answer is over the limit."""
    if len(text.encode()) > LONGEST_ANSWER:
        raise DataApiError("BadRequestException", "Database returned more than the allowed response size limit")


def _scalar(text: str, kind: str, options: Options) -> dict[str, Any]:
    if kind in INTEGERS:
        as_text = options.get("longReturnType") == "STRING"
        return {"stringValue": text} if as_text else {"longValue": int(text)}
    if kind in FLOATS:
        return {"doubleValue": float(text)}
    if kind == "bool":
        return {"booleanValue": text == "t"}
    if kind == "bytea":
        return {"blobValue": base64.b64encode(bytes.fromhex(text.removeprefix("\\x"))).decode()}
    if kind == "numeric" and options.get("decimalReturnType") == "DOUBLE_OR_LONG":
        return {"doubleValue": float(text)} if "." in text or not _is_long(text) else {"longValue": int(text)}
    return {"stringValue": _time(text, kind)}


def _is_long(text: str) -> bool:
    return text.lstrip("-").isdigit() and -(2**63) <= int(text) < 2**63


def _time(text: str, kind: str) -> str:
    return text.removesuffix("+00") if kind in ("timestamptz", "timetz") else text


def _array(values: list[Any], kind: str) -> dict[str, Any]:
    if any(isinstance(value, list) for value in values):
        return {"arrayValues": [_array(value, kind) for value in values]}
    if any(value is None for value in values):
        raise DataApiError("UnsupportedResultException", "The result contains an array with NULL values.")
    if kind in INTEGERS:
        return {"longValues": [int(value) for value in values]}
    if kind in FLOATS:
        return {"doubleValues": [float(value) for value in values]}
    if kind == "bool":
        return {"booleanValues": [value == "t" for value in values]}
    return {"stringValues": [_time(value, kind) for value in values]}


def _plain_converter(kind: str) -> Callable[[str], Any]:
    if kind in INTEGERS:
        return int
    if kind in FLOATS:
        return lambda text: float(text) if text.lower().strip("-") not in ("nan", "infinity") else text
    if kind == "numeric":
        return lambda text: float(text) if "." in text else int(text) if text.lstrip("-").isdigit() else text
    if kind == "bool":
        return lambda text: text == "t"
    if kind == "bytea":
        return lambda text: base64.b64encode(bytes.fromhex(text.removeprefix("\\x"))).decode()
    return lambda text: _time(text, kind)


def _mapped(values: list[Any], convert: Callable[[str], Any]) -> list[Any]:
    return [
        _mapped(value, convert) if isinstance(value, list) else None if value is None else convert(value)
        for value in values
    ]


def _elements(text: str) -> list[Any]:
    """An array literal as nested lists of texts; `[2:3]={1,2}` has its bounds in front."""
    place = text.index("{")
    found, _ = _read_array(text, place)
    return found


def _read_array(text: str, place: int) -> tuple[list[Any], int]:
    values: list[Any] = []
    place += 1
    value: Any
    while text[place] != "}":
        if text[place] == "{":
            value, place = _read_array(text, place)
        elif text[place] == '"':
            value, place = _read_quoted(text, place + 1)
        else:
            end = min(at for at in (text.find(",", place), text.find("}", place)) if at >= 0)
            value, place = text[place:end], end
            value = None if value == "NULL" else value
        values.append(value)
        place += text[place] == ","
    return values, place + 1


def _read_quoted(text: str, place: int) -> tuple[str, int]:
    letters = []
    while text[place] != '"':
        place += text[place] == "\\"
        letters.append(text[place])
        place += 1
    return "".join(letters), place + 1
