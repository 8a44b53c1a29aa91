"""Which tables a session knows in an older state: DSQL answers its next statement about them with OC001, once.

Source: Aurora DSQL User Guide, "DDL and distributed transactions" (read 2026-11): after one session has added a column,
the insert of another session that has used the table before is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

_changes = count(1)
_changed: dict[tuple[Path, str], int] = {}
"""The number of the last change of each table, by the folder of its server and its name."""


@dataclass(slots=True)
class Catalogue:
    """What one session knows of the tables of its cluster."""

    cluster: Path
    _known: dict[str, int] = field(default_factory=dict)

    def change(self, tables: Iterable[str]) -> None:
        """Note that this session changes these tables."""
        for name in tables:
            _changed[self.cluster, name] = self._known[name] = next(_changes)

    def use(self, tables: Iterable[str]) -> bool:
        """Whether one of these tables has changed since the session used it; it knows all of them afterwards."""
        outdated = False
        for name in tables:
            latest = _changed.get((self.cluster, name), 0)
            outdated |= self._known.get(name, latest) < latest
            self._known[name] = latest
        return outdated

    def refresh(self) -> None:
        """Know every table as it is now, as after a rollback."""
        self._known.clear()
