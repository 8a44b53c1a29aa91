"""Values of a result as the service's Field and as JSON records; they come as MySQL's own text, or as bytes."""

from __future__ import annotations

import base64
from typing import Any

from aurora_cfn.local.dataapi.mysql.columns import BLOBS, FLOATS, INTEGERS, Column

LARGEST_LONG = 2**63 - 1  # of longValue, a Java long; a larger unsigned bigint is text
Value = str | bytes | None
Options = dict[str, str]


def field(value: Value, column: Column, options: Options) -> dict[str, Any]:
    """One value as a Field."""
    if value is None:
        return {"isNull": True}
    if column.is_boolean:
        return {"booleanValue": any(value) if isinstance(value, bytes) else value != "0"}
    if column.type in BLOBS or column.type == "BIT":
        return {"blobValue": base64.b64encode(value if isinstance(value, bytes) else value.encode()).decode()}
    text = _text(value)
    if column.type in INTEGERS:
        # A Long of the service ends at 2^63 - 1, BIGINT UNSIGNED does not.
        as_text = options.get("longReturnType") == "STRING" or int(text) > LARGEST_LONG
        return {"stringValue": text} if as_text else {"longValue": int(text)}
    if column.type in FLOATS:
        return {"doubleValue": float(text)}
    if column.type == "DECIMAL" and options.get("decimalReturnType") == "DOUBLE_OR_LONG":
        whole = text.lstrip("-").isdigit() and abs(int(text)) <= LARGEST_LONG
        return {"longValue": int(text)} if whole else {"doubleValue": float(text)}
    return {"stringValue": text}


def plain(value: Value, column: Column) -> Any:
    """One value as formatRecordsAs=JSON shows it."""
    if value is None:
        return None
    if column.type in INTEGERS | FLOATS | {"DECIMAL"} and not column.is_boolean:
        text = _text(value)
        return int(text) if text.lstrip("-").isdigit() else float(text)
    return next(iter(field(value, column, {}).values()))


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")
