"""Parameters of a request as typed SQL literals, each with the type that the service binds it with."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping
from typing import Any

from psycopg2.extensions import QuotedString

from aurora_cfn.local.dataapi.errors import DataApiError, bad_request
from aurora_cfn.local.dataapi.hints import HINTS, checked
from aurora_cfn.sqltext.lexer import Token, tokens


def bound(sql: str, parameters: Iterable[Mapping[str, Any]], connection: Any) -> str:
    """The statement with its parameters as literals of the connection's encoding.

    `:1` is a parameter only when one of that name is given: clients number theirs, and `[:1]` may be a slice.
    """
    literals = {row["name"]: literal(row, connection) for row in parameters if "name" in row}
    return "".join(_replaced(token, literals) for token in tokens(sql, strict=False))


def _replaced(token: Token, literals: Mapping[str, str]) -> str:
    if token.kind != "placeholder":
        return token.text
    name = token.text[1:]
    if name in literals:
        return literals[name]
    if name.isdigit():
        return token.text
    raise bad_request(f"Cannot find parameter: {name}")


def literal(row: Mapping[str, Any], connection: Any) -> str:
    """One parameter as SQL."""
    value: Mapping[str, Any] = row.get("value") or {}
    if len(value) != 1:
        raise bad_request(f"Parameter {row['name']} must have exactly one value")
    kind, content = next(iter(value.items()))
    if kind == "arrayValue":
        raise bad_request("Array parameters are not supported.")
    try:
        return _typed(row["name"], kind, content, row.get("typeHint"), connection)
    except (TypeError, ValueError) as error:
        raise bad_request(f"Parameter {row['name']}: {content!r} is no {kind}") from error


def _typed(name: str, kind: str, content: Any, hint: str | None, connection: Any) -> str:
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
