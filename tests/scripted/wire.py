"""The query protocol of AWS: what comes in as a form, what goes out as XML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"


def form(body: str) -> dict[str, str]:
    """Fields of a request, flat: `Tags.member.1.Key`."""
    return dict(parse_qsl(body, keep_blank_values=True))


def rows(fields: Mapping[str, str], name: str) -> list[dict[str, str]]:
    """Entries of a list of structures, each as its own fields."""
    found: dict[int, dict[str, str]] = {}
    for key, value in fields.items():
        match = re.fullmatch(rf"{name}\.member\.(\d+)\.(.+)", key)
        if match:
            found.setdefault(int(match[1]), {})[match[2]] = value
    return [found[number] for number in sorted(found)]


def texts(fields: Mapping[str, str], name: str) -> list[str]:
    """Entries of a list of texts."""
    keys = [key for key in fields if re.fullmatch(rf"{name}\.member\.\d+", key)]
    return [fields[key] for key in sorted(keys, key=lambda key: int(key.rpartition(".")[2]))]


def answer(action: str, result: Mapping[str, Any]) -> str:
    """A successful answer."""
    inner = f"<{action}Result>{_fields(result)}</{action}Result>"
    meta = "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
    return f'<{action}Response xmlns="{NAMESPACE}">{inner}{meta}</{action}Response>'


def refusal(code: str, message: str) -> str:
    """An error answer."""
    error = f"<Error><Type>Sender</Type><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    return f'<ErrorResponse xmlns="{NAMESPACE}">{error}<RequestId>r</RequestId></ErrorResponse>'


def _fields(value: Mapping[str, Any]) -> str:
    return "".join(f"<{key}>{_node(item)}</{key}>" for key, item in value.items() if item is not None)


def _node(value: Any) -> str:
    if isinstance(value, Mapping):
        return _fields(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(f"<member>{_node(item)}</member>" for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return escape(str(value))
