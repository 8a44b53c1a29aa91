"""Parameters of a request as MySQL's literals."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from aurora_cfn.local.dataapi import binding
from aurora_cfn.local.dataapi.errors import bad_request
from aurora_cfn.local.dataapi.hints import checked


def bound(sql: str, parameters: Iterable[Mapping[str, Any]], connection: Any) -> str:
    """The statement with its parameters as literals; the connection knows how its session escapes."""
    return binding.bound(sql, parameters, partial(_typed, connection), "mysql")


def _typed(connection: Any, name: str, kind: str, content: Any, hint: str | None) -> str:
    if kind == "isNull" and content:
        return "NULL"
    if kind == "stringValue":
        text = str(content)
        # A hint checks the form. MySQL compares an exact number with a text as floating point: it must be a number.
        if hint and checked(name, text, hint) == "numeric":
            return text
        return str(connection.literal(text))
    if kind == "longValue":
        return str(int(content))
    if kind == "doubleValue":
        number = float(content)
        if not math.isfinite(number):
            raise bad_request(f"Parameter {name}: MySQL has no {content}")
        return f"{number!r}e0" if "e" not in repr(number) else repr(number)
    if kind == "booleanValue":
        return "TRUE" if content else "FALSE"
    if kind == "blobValue":
        return f"_binary X'{base64.b64decode(content).hex()}'"
    raise bad_request(f"Unsupported parameter value: {kind}")
