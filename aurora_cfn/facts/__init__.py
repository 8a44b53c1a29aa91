"""Dated data about Aurora and AWS: JSON files with their sources, and typed readers.

Every file says on which day it was checked (`as_of`) and where each fact comes from (`sources`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

STALE_AFTER: Final = timedelta(days=180)
"""By then PostgreSQL has had about two minor releases: one in three months (PostgreSQL versioning policy)."""
_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class FactsFile:
    """One file: its name, the day it was checked, its sources."""

    name: str
    as_of: date
    sources: tuple[str, ...]

    def age(self, today: date) -> timedelta:
        """Time since the facts were checked."""
        return today - self.as_of

    def is_stale(self, today: date) -> bool:
        """Whether they were checked more than 180 days ago."""
        return self.age(today) > STALE_AFTER


@cache
def read_facts(name: str) -> dict[str, Any]:
    """The content of `<name>.json`."""
    content: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


def facts_files() -> tuple[FactsFile, ...]:
    """All files of this folder with their dates and sources."""
    return tuple(_file(path.stem) for path in sorted(_FOLDER.glob("*.json")))


def _file(name: str) -> FactsFile:
    content = read_facts(name)
    day = content.get("as_of") or content["read"]
    return FactsFile(name, date.fromisoformat(day), tuple(_sources(content["sources"])))


def _sources(listed: Any) -> Iterator[str]:
    """Sources as texts: a list of them, or a mapping of those that have a day of their own."""
    if isinstance(listed, Mapping):
        yield from (f"{row['what']} ({row['date']})" for row in listed.values())
    else:
        yield from listed
