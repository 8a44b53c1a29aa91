"""Options of the clients commands."""

from __future__ import annotations

from aurora_cfn.cli.options import Parsed, rows_format_option
from aurora_cfn.fleet.waves import FORM, wave_size

form_option = rows_format_option("csv")
WAVE = Parsed("wave", wave_size, f"is no wave: write {FORM}")
"""A number of clients, or a share of all: 5, 10%."""


def _named_value(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise ValueError(text)
    return name, value


NAME_VALUE = Parsed("given", _named_value, "is not NAME=VALUE")
"""A name and its value, as a pair."""
