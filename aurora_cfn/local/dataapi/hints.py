"""Type hints of parameters: the type that a string is sent as, and the only form that it may have.

Source: RDS Data API reference, SqlParameter (read 2026-11).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aurora_cfn.local.dataapi.errors import bad_request

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|NaN")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
_FRACTION = re.compile(r"(.*:\d\d)\.\d{1,9}")


@dataclass(frozen=True, slots=True)
class Hint:
    """PostgreSQL's type, the form that the reference names, and whether a text has it."""

    type: str
    form: str
    fits: Callable[[str], bool]


def checked(name: str, text: str, hint: str) -> str:
    """The type to cast the text to; raises DataApiError for an unknown hint or a text in another form."""
    known = HINTS.get(hint)
    if known is None:
        raise bad_request(f"Unsupported typeHint of parameter {name}: {hint}; there are {', '.join(HINTS)}")
    if not known.fits(text):
        raise bad_request(f"Parameter {name} with the typeHint {hint} must have the form {known.form}: {text!r}")
    return known.type


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_time(form: str) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        fraction = _FRACTION.fullmatch(text) if "%S" in form else None
        plain = fraction[1] if fraction else text
        try:
            return datetime.strptime(plain, form).strftime(form) == plain  # strptime alone takes 2026-1-1
        except ValueError:
            return False

    return fits


HINTS: Mapping[str, Hint] = {
    "DATE": Hint("date", "YYYY-MM-DD", _is_time("%Y-%m-%d")),
    "DECIMAL": Hint("numeric", "of a decimal number", lambda text: _DECIMAL.fullmatch(text) is not None),
    "JSON": Hint("json", "of a JSON text", _is_json),
    "TIME": Hint("time", "HH:MM:SS[.FFF]", _is_time("%H:%M:%S")),
    "TIMESTAMP": Hint("timestamp", "YYYY-MM-DD HH:MM:SS[.FFF]", _is_time("%Y-%m-%d %H:%M:%S")),
    "UUID": Hint("uuid", "of a UUID", lambda text: _UUID.fullmatch(text) is not None),
}
