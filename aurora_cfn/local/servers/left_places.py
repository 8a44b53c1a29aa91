"""Where databases listened that were renamed or deleted: the identifier, given again, has its endpoint again."""

from __future__ import annotations

import json
from typing import Any

from aurora_cfn.local.front.listener import Place

MOST = 100


class LeftPlaces:
    """Places by key of the register, newest last; the caller holds a lock."""

    def __init__(self, found: Any) -> None:
        """`found` is what `text` gave, read as JSON; what is damaged has none."""
        try:
            self._places = {str(key): Place(str(where), int(port)) for key, (where, port) in (found or {}).items()}
        except (AttributeError, TypeError, ValueError):
            self._places = {}

    def leave(self, key: str, place: Place) -> None:
        """Keep the place for that key; the oldest is given up when there are too many."""
        if place.port:
            self._places.pop(key, None)
            self._places[key] = place
            for oldest in list(self._places)[:-MOST]:
                del self._places[oldest]

    def take(self, key: str) -> Place | None:
        """The place of that key, which is kept no longer."""
        return self._places.pop(key, None)

    def all(self) -> frozenset[Place]:
        """Every place that is kept."""
        return frozenset(self._places.values())

    def text(self) -> str:
        """All of it, to be kept in a file."""
        return json.dumps({key: [row.address, row.port] for key, row in self._places.items()})
