"""The places that the emulators of the user's other projects keep, also while they are stopped.

A stack's outputs have the ports of its databases. So a port that a stopped emulator will open again is not given to
the database of another project, which would answer in its place.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection
from pathlib import Path
from typing import TypeAlias

from aurora_cfn.local.home import Home
from aurora_cfn.local.record import read_json, read_record, replace_text

Address: TypeAlias = tuple[str, int]
_FILE = Path("postgres", "places.json")


def port_is_kept(home: Home, port: int) -> bool:
    """Whether another project's emulator has, or had when it ran last, its APIs at that port."""
    records = [read_record(Home(folder).record) for folder in _others(home)]
    return any(row is not None and row.port == port for row in records)


class KeptPlaces:
    """Addresses and ports of this home's databases, in a file that the other emulators read."""

    def __init__(self, home: Home) -> None:
        """Read those of the last run."""
        self._home = home
        self._path = home.path / _FILE
        self._last = _read(self._path)
        self._lock = threading.Lock()

    def of_others(self) -> frozenset[Address]:
        """Those of the other homes that this one did not have already."""
        return frozenset().union(*(_read(folder / _FILE) for folder in _others(self._home))) - self._last

    def keep(self, places: Collection[Address]) -> None:
        """Write those that this home has now."""
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_text(self._path, json.dumps(sorted(places)))


def _others(home: Home) -> list[Path]:
    return [folder for folder in home.path.parent.glob("*") if folder != home.path]


def _read(path: Path) -> frozenset[Address]:
    rows = read_json(path)
    return frozenset((str(row[0]), int(row[1])) for row in rows) if isinstance(rows, list) else frozenset()
