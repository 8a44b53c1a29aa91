"""The JSON files of this folder, read once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

STALE_AFTER: Final = timedelta(days=180)
NAMES: Final = ("engines", "gates", "regions", "reserved")
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
    """All files with their dates and sources."""
    return tuple(_file(name) for name in NAMES)


def _file(name: str) -> FactsFile:
    content = read_facts(name)
    return FactsFile(name, date.fromisoformat(content["as_of"]), tuple(content["sources"]))
