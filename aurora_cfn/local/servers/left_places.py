"""Where databases listened that were renamed or deleted: the identifier, given again, has its endpoint again."""

from __future__ import annotations

import json
from pathlib import Path

from aurora_cfn.local.front.listener import Place
from aurora_cfn.local.record import read_json, replace_text

MOST = 100


class LeftPlaces:
    """Places by key of the register, newest last, in a file; the caller holds a lock."""

    def __init__(self, path: Path) -> None:
        """Read what an earlier process left; a damaged file has none."""
        self._path = path
        try:
            self._places = {
                str(key): Place(str(where), int(port)) for key, (where, port) in (read_json(path) or {}).items()
            }
        except (AttributeError, TypeError, ValueError):
            self._places = {}

    def leave(self, key: str, place: Place) -> None:
        """Keep the place for that key; the oldest is given up when there are too many."""
        if place.port:
            self._places.pop(key, None)
            self._places[key] = place
            for oldest in list(self._places)[:-MOST]:
                del self._places[oldest]
            self._write()

    def take(self, key: str) -> Place | None:
        """The place of that key, which is kept no longer."""
        place = self._places.pop(key, None)
        if place:
            self._write()
        return place

    def all(self) -> frozenset[Place]:
        """Every place that is kept."""
        return frozenset(self._places.values())

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(self._path, json.dumps({key: [row.address, row.port] for key, row in self._places.items()}))
