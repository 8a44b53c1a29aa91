"""Values of a result as the service's Field and as JSON records.

Values come as PostgreSQL's own text; arrays and times are only re-cut, never computed with.
"""

from __future__ import annotations

import base64
import math
import re
from datetime import datetime, timedelta
from typing import Any

from aurora_cfn.local.dataapi.errors import DataApiError
from aurora_cfn.local.dataapi.postgres.columns import Column

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
    if not column.is_array:
        return _plain(text, column.element)
    return [None if value is None else _plain(value, column.element) for value in elements(text)]


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


def _plain(text: str, kind: str) -> Any:
    if kind == "numeric":
        return float(text) if "." in text else int(text) if text.lstrip("-").isdigit() else text
    return next(iter(_scalar(text, kind, {}).values()))


def elements(text: str) -> list[str | None]:
    """The elements of a one-dimensional array literal; `[2:3]={1,2}` has its bounds in front.

    Raises DataApiError for more dimensions: Aurora Serverless v2 does not return them.
    """
    place = text.index("{") + 1
    values: list[str | None] = []
    while text[place] != "}":
        if text[place] == "{":
            raise DataApiError("UnsupportedResultException", "The result contains a multidimensional array.")
        if text[place] == '"':
            value, place = _quoted(text, place + 1)
            values.append(value)
        else:
            end = min(at for at in (text.find(",", place), text.find("}", place)) if at >= 0)
            value, place = text[place:end], end
            values.append(None if value == "NULL" else value)
        place += text[place] == ","
    return values


def _quoted(text: str, place: int) -> tuple[str, int]:
    letters = []
    while text[place] != '"':
        place += text[place] == "\\"
        letters.append(text[place])
        place += 1
    return "".join(letters), place + 1


_OFFSET = re.compile(r"(?P<clock>.*\d\d:\d\d:\d\d)(?P<fraction>\.\d+)?(?P<sign>[+-])(?P<offset>\d\d(?::\d\d){0,2})")
_INFINITE = frozenset({"infinity", "-infinity"})
_SECONDS = (3600, 60, 1)


def moment(text: str, kind: str) -> str:
    """The text of a value of any type; only those of dates and times are changed.

    Raises DataApiError for infinity, at which the service fails with an internal error (seen on Aurora PostgreSQL 17).
    """
    if kind not in {"date", "timestamp", "timestamptz"}:
        return text
    if text in _INFINITE:
        raise DataApiError("InternalServerErrorException", f"The service cannot return the {kind} {text}.", 500)
    return _in_utc(text) if kind == "timestamptz" else text


def _in_utc(text: str) -> str:
    found = _OFFSET.fullmatch(text)
    if found is None:  # a year before Christ ends in BC
        return text
    parts = [int(part) for part in found["offset"].split(":")]
    shift = timedelta(seconds=sum(part * size for part, size in zip(parts, _SECONDS, strict=False)))
    if not shift:
        return found["clock"] + (found["fraction"] or "")
    try:
        clock = datetime.fromisoformat(found["clock"])
    except ValueError:  # a year that Python does not have
        return text
    moved = clock - shift if found["sign"] == "+" else clock + shift
    return moved.isoformat(" ", "seconds") + (found["fraction"] or "")
