"""Values of a result as the service's Field and as JSON records.

Values come as PostgreSQL's own text; arrays and times are only re-cut, never computed with.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from typing import Any

from aurora_cfn.local.dataapi.errors import DataApiError
from aurora_cfn.local.dataapi.postgres.arrays import elements
from aurora_cfn.local.dataapi.postgres.columns import Column
from aurora_cfn.local.dataapi.postgres.moments import moment

INTEGERS = frozenset({"int2", "int4", "int8", "oid"})
FLOATS = frozenset({"float4", "float8"})
Options = dict[str, str]


def field(text: str | None, column: Column, options: Options) -> dict[str, Any]:
    """One value as a Field."""
    if text is None:
        return {"isNull": True}
    if column.is_array:
        return {"arrayValue": _array(elements(text), column.element)}
    return _scalar(text, column.type, options)


def plain(text: str | None, column: Column) -> Any:
    """One value as formatRecordsAs=JSON shows it."""
    if text is None:
        return None
    convert = _plain_converter(column.element)
    if not column.is_array:
        return convert(text)
    return [None if value is None else convert(value) for value in elements(text)]


def _scalar(text: str, kind: str, options: Options) -> dict[str, Any]:
    if kind in INTEGERS:
        as_text = options.get("longReturnType") == "STRING"
        return {"stringValue": text} if as_text else {"longValue": int(text)}
    if kind in FLOATS:
        return {"doubleValue": number(text)}
    if kind == "bool":
        return {"booleanValue": text == "t"}
    if kind == "bytea":
        return {"blobValue": base64.b64encode(bytes.fromhex(text.removeprefix("\\x"))).decode()}
    if kind == "numeric" and options.get("decimalReturnType") == "DOUBLE_OR_LONG":
        return {"longValue": int(text)} if _is_long(text) else {"doubleValue": number(text)}
    return {"stringValue": moment(text, kind)}


def number(text: str) -> float | str:
    """A floating point number as the protocol writes it: JSON has no NaN and no infinity, so these are strings.

    Source: Smithy 2.0, "AWS restJson1 protocol", JSON shape serialization of double.
    """
    found = float(text)
    return found if math.isfinite(found) else text


def _is_long(text: str) -> bool:
    return text.lstrip("-").isdigit() and -(2**63) <= int(text) < 2**63


def _array(values: list[Any], kind: str) -> dict[str, Any]:
    if any(value is None for value in values):
        raise DataApiError("UnsupportedResultException", "The result contains an array with NULL values.")
    if kind in INTEGERS:
        return {"longValues": [int(value) for value in values]}
    if kind in FLOATS:
        return {"doubleValues": [number(value) for value in values]}
    if kind == "bool":
        return {"booleanValues": [value == "t" for value in values]}
    return {"stringValues": [moment(value, kind) for value in values]}


def _plain_converter(kind: str) -> Callable[[str], Any]:
    if kind in INTEGERS:
        return int
    if kind in FLOATS:
        return number
    if kind == "numeric":
        return lambda text: float(text) if "." in text else int(text) if text.lstrip("-").isdigit() else text
    if kind == "bool":
        return lambda text: text == "t"
    if kind == "bytea":
        return lambda text: base64.b64encode(bytes.fromhex(text.removeprefix("\\x"))).decode()
    return lambda text: moment(text, kind)
