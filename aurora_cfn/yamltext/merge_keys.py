"""Merge keys of YAML 1.1 (`<<: *shared`): a mapping takes over the keys of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from aurora_cfn.model.value import Path

MERGE: Final = "<<"


def merged(
    container: dict[Any, Any], path: Path, lines: dict[Path, int], anchored: Mapping[int, Path]
) -> dict[Any, Any] | None:
    """The mapping with its merge key resolved: its own keys win, then the earlier of several merged mappings.

    `anchored` has the path of every anchored value by `id`; a merged key gets the line on which it is written there.
    None when something other than mappings is merged.
    """
    given = container[MERGE]
    sources = given if isinstance(given, list) else [given]
    if not all(isinstance(source, dict) for source in sources):
        return None
    found: dict[Any, Any] = {}
    for key, value in container.items():
        if key != MERGE:
            found[key] = value
            continue
        for spot, source in _places(sources, path, isinstance(given, list)):
            place = anchored.get(id(source), spot)
            for name, item in source.items():
                if name not in container and name not in found:
                    found[name] = item
                    lines[(*path, name)] = lines.get((*place, name), lines[(*path, MERGE)])
    return found


def _places(sources: list[dict[Any, Any]], path: Path, listed: bool) -> Iterator[tuple[Path, dict[Any, Any]]]:
    for number, source in enumerate(sources):
        yield ((*path, MERGE, number) if listed else (*path, MERGE)), source
