"""Parameters of a request as typed SQL literals, each with the type that the service binds it with."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from psycopg2.extensions import QuotedString

from aurora_cfn.local.dataapi import binding
from aurora_cfn.local.dataapi.errors import DataApiError, bad_request
from aurora_cfn.local.dataapi.hints import HINTS, checked


def bound(sql: str, parameters: Iterable[Mapping[str, Any]], connection: Any) -> str:
    """The statement with its parameters as literals of the connection's encoding."""
    return binding.bound(sql, parameters, partial(_typed, connection), "postgresql")


def _typed(connection: Any, name: str, kind: str, content: Any, hint: str | None) -> str:
    if kind == "isNull" and content:
        return f"CAST(NULL AS {HINTS[hint].type})" if hint and hint in HINTS else "NULL"
    if kind == "stringValue":
        text = str(content)
        return f"CAST({_quoted(text, connection)} AS {checked(name, text, hint) if hint else 'text'})"
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
