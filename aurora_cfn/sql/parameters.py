"""Options `-p NAME[:TYPE]=VALUE` to typed parameters of the Data API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from uuid import UUID

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.rows import Hint, SqlParameter
from aurora_cfn.sql.split import Statement

Sent = tuple[str | int | float | bool | bytes | None, Hint | None]

# NAME=VALUE or NAME:TYPE=VALUE; the value may have line ends, and colons and equal signs of its own.
_TYPED = re.compile(r"(?P<name>[A-Za-z_]\w*|\d+)(?::(?P<type>\w*))?=(?P<value>.*)", re.DOTALL)
_WHOLE = re.compile(r"-?(0|[1-9]\d*)")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.\d+")
_FLOAT = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?[eE][+-]?\d+")
_LONG = range(-(2**63), 2**63)
_BOOLEANS = {"true": True, "false": False}


def parameters(typed: Iterable[str]) -> tuple[SqlParameter, ...]:
    """Parameters of `name=value` and `name:type=value`; raises InputError with every one that is wrong.

    Without a type, `NULL`, `true`, `false`, numbers, JSON objects and arrays are read as such, all else as text.
    """
    found: dict[str, SqlParameter] = {}
    complaints = []
    for text in typed:
        try:
            parameter = _parameter(text)
            if parameter.name in found:
                raise ValueError("is given twice")
            found[parameter.name] = parameter
        except ValueError as error:
            complaints.append(Complaint(str(error), key=f"-p {text.partition('=')[0]}"))
    if complaints:
        raise InputError(complaints)
    return tuple(found.values())


def check_used(statements: Sequence[Statement], given: Sequence[SqlParameter]) -> None:
    """Raise InputError for a placeholder without a parameter, and for a parameter without a placeholder."""
    names = {row.name for row in given}
    wanted = {name for row in statements for name in row.placeholders | row.numbered}
    complaints = [
        Complaint(f"the statement in line {row.line} names :{name}, which was not given", hint=f"-p {name}=VALUE")
        for row in statements
        for name in sorted(row.placeholders - names)
    ]
    complaints += [Complaint(f"no statement names :{name}", key=f"-p {name}") for name in sorted(names - wanted)]
    if complaints:
        raise InputError(complaints)


def _parameter(text: str) -> SqlParameter:
    found = _TYPED.fullmatch(text)
    if not found:
        raise ValueError("is not name=value, nor name:type=value")
    if found["type"] is None:
        return SqlParameter(found["name"], *_guessed(found["value"]))
    reader = READERS.get(found["type"].lower())
    if reader is None:
        raise ValueError(f"{found['type']!r} is not a type; there are: {', '.join(READERS)}")
    try:
        return SqlParameter(found["name"], *reader(found["value"]))
    except (ValueError, InvalidOperation):
        raise ValueError(f"{found['value']!r} is not of type {found['type']}") from None


def _guessed(text: str) -> Sent:
    # Decimals, and integers of more than 64 bits, go as text with a hint: a float would lose digits.
    if text == "NULL":
        return None, None
    if text in _BOOLEANS:
        return _BOOLEANS[text], None
    if _WHOLE.fullmatch(text):
        return (int(text), None) if int(text) in _LONG else (text, "DECIMAL")
    if _DECIMAL.fullmatch(text):
        return text, "DECIMAL"
    if _FLOAT.fullmatch(text):
        return float(text), None
    return (text, "JSON") if _is_json_document(text) else (text, None)


def _is_json_document(text: str) -> bool:
    try:
        return text[:1] in {"{", "["} and isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def _int(text: str) -> Sent:
    if int(text) not in _LONG:
        raise ValueError
    return int(text), None


def _bool(text: str) -> Sent:
    if text.lower() not in _BOOLEANS:
        raise ValueError
    return _BOOLEANS[text.lower()], None


def _json(text: str) -> Sent:
    json.loads(text)
    return text, "JSON"


def _time(text: str) -> Sent:
    found = time.fromisoformat(text)
    if found.tzinfo:
        raise ValueError
    return found.isoformat(), "TIME"


def _timestamp(text: str) -> Sent:
    # The Data API takes no offset, and its sessions are in UTC.
    found = datetime.fromisoformat(text)
    if found.tzinfo:
        found = found.astimezone(UTC).replace(tzinfo=None)
    return found.isoformat(" "), "TIMESTAMP"


READERS: dict[str, Callable[[str], Sent]] = {
    "text": lambda text: (text, None),
    "int": _int,
    "float": lambda text: (float(text), None),
    "decimal": lambda text: (format(Decimal(text), "f"), "DECIMAL"),
    "bool": _bool,
    "json": _json,
    "uuid": lambda text: (str(UUID(text)), "UUID"),
    "date": lambda text: (date.fromisoformat(text).isoformat(), "DATE"),
    "time": _time,
    "timestamp": _timestamp,
    "bytes": lambda text: (bytes.fromhex(text.removeprefix("\\x")), None),
}
"""The types after a name; `bytes` is hexadecimal, dates and times are ISO 8601."""
