"""Parameters of a request as typed SQL literals, each with the type that the service binds it with."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping
from typing import Any

from psycopg2.extensions import QuotedString

from aurora_cfn.local.dataapi.errors import DataApiError, bad_request
from aurora_cfn.local.dataapi.lexer import parts

HINTS = {
    "DATE": "date", "DECIMAL": "numeric", "JSON": "json", "TIME": "time", "TIMESTAMP": "timestamp", "UUID": "uuid",
}  # fmt: skip


def bound(sql: str, parameters: Iterable[Mapping[str, Any]], connection: Any) -> str:
    """The statement with its parameters as literals of the connection's encoding."""
    literals = {row["name"]: literal(row, connection) for row in parameters if "name" in row}
    pieces = []
    for kind, text in parts(sql):
        if kind != "parameter":
            pieces.append(text)
        elif text in literals:
            pieces.append(literals[text])
        else:
            raise bad_request(f"Cannot find parameter: {text}")
    return "".join(pieces)


def literal(row: Mapping[str, Any], connection: Any) -> str:
    """One parameter as SQL."""
    value: Mapping[str, Any] = row.get("value") or {}
    if len(value) != 1:
        raise bad_request(f"Parameter {row['name']} must have exactly one value")
    kind, content = next(iter(value.items()))
    hint = row.get("typeHint")
    if hint and hint not in HINTS:
        raise bad_request(f"Unsupported typeHint: {hint}")
    if kind == "isNull" and content:
        return "NULL" if not hint else f"CAST(NULL AS {HINTS[hint]})"
    if kind == "arrayValue":
        raise bad_request("Array parameters are not supported.")
    return _typed(kind, content, hint, connection)


def _typed(kind: str, content: Any, hint: str | None, connection: Any) -> str:
    if kind == "stringValue":
        return f"CAST({_quoted(str(content), connection)} AS {HINTS[hint] if hint else 'varchar'})"
    if kind == "longValue":
        return f"CAST('{int(content)}' AS bigint)"
    if kind == "doubleValue":
        number = float(content)
        return f"CAST('{repr(number) if math.isfinite(number) else str(number)}' AS float8)"
    if kind == "booleanValue":
        return "TRUE" if content else "FALSE"
    if kind == "blobValue":
        return f"CAST('\\x{base64.b64decode(content).hex()}' AS bytea)"
    raise bad_request(f"Unsupported parameter value: {kind}")


def _quoted(text: str, connection: Any) -> str:
    if "\0" in text:
        raise DataApiError(
            "DatabaseErrorException", 'ERROR: invalid byte sequence for encoding "UTF8": 0x00; SQLState: 22021'
        )
    quoted = QuotedString(text)
    quoted.prepare(connection)
    adapted: bytes = quoted.getquoted()
    return adapted.decode("utf-8")
