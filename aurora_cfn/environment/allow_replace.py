"""The lists `allow_replace` of a params file, of a stack and of the fleet: their keys, values and days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from aurora_cfn.environment.names import CLIENT_LONGEST, CLIENT_NAME, CLIENT_RULE
from aurora_cfn.environment.shapes import Fault, Key, ListOf, Record, Text
from aurora_cfn.model.environment import AllowedReplacement
from aurora_cfn.model.value import Path, Value
from aurora_cfn.yamltext import Document

NAME = "allow_replace"
# As a pattern, for editors; days that no month has are found by day_faults.
_DAY = Text(r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "a day such as 2026-12-31")
_ID = "[A-Za-z0-9]{1,255}(/[A-Za-z0-9]{1,255})*"
"""A slash follows the logical id of a nested stack."""
_KEYS = (
    Key("resource", Text(_ID, "a logical id such as DBCluster, or Data/DBCluster"), "The logical id.", required=True),
    Key("until", _DAY, "The last day on which this line counts.", required=True),
    Key("reason", Text(r"\S(.|\n)*", "not empty"), "Why it may be replaced, for the reviewer.", required=True),
)
_CLIENT = Key(
    "client", Text(CLIENT_NAME, CLIENT_RULE, longest=CLIENT_LONGEST), "The one client it counts for; all without it."
)
_ABOUT = "Resources with data that may be replaced, up to a day"
OF_STACK = Key(NAME, ListOf(Record(_KEYS), 50), f"{_ABOUT}.")
OF_FLEET = Key(NAME, ListOf(Record((*_KEYS, _CLIENT)), 50), f"{_ABOUT}, in the stacks of all clients or of one.")


def allowed_replacements(document: Document, rows: Value, path: Path) -> Iterator[AllowedReplacement]:
    """The lines of a list without faults at that path."""
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        fields = row if isinstance(row, Mapping) else {}
        line = document.line((*path, number, "resource"))
        reason, client = str(fields["reason"]).strip(), str(fields.get("client", ""))
        yield AllowedReplacement(str(fields["resource"]), str(fields["until"]), reason, line, client)


def day_faults(document: Document) -> Iterator[Fault]:
    """A fault for each last day that does not exist, in all lists."""
    for path in document.lines:
        if path[-1:] == ("until",) and NAME in path and path[0] in {"stacks", "fleet"}:
            yield from _day(_at(document.value, path), path)


def _day(value: Any, path: Path) -> Iterator[Fault]:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        # Another form than YYYY-MM-DD is a fault of the pattern already.
        if isinstance(value, str) and len(value) == len("2026-12-31"):
            yield Fault(path, f"there is no date {value}")


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value
