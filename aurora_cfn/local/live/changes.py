"""Which files of a source folder were saved, by their times, sizes and inodes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Snapshot: TypeAlias = Mapping[str, tuple[int, int, int]]
LEFT_OUT = frozenset({"__pycache__", "node_modules", "venv"})
READ_BY_CODE = (
    ".py", ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".sql", ".txt", ".html", ".xml", ".csv", ".pem", ".jinja",
)  # fmt: skip
"""Endings of files that are code, or that code reads when it is imported; logs and databases change all the time."""


def snapshot(folder: Path) -> Snapshot:
    """Modification time, size and inode of each file by its path below the folder; empty for a folder that is gone."""
    return dict(_files(str(folder), len(str(folder)) + 1))


def saved(before: Snapshot, after: Snapshot) -> list[str]:
    """Paths that were added, changed or deleted; sorted."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


@dataclass(slots=True)
class Changes:
    """The changes of a folder since the last look."""

    folder: Path
    _last: Snapshot = field(init=False)

    def __post_init__(self) -> None:
        self._last = snapshot(self.folder)

    def look(self) -> list[str]:
        """Paths that were saved since the last look."""
        now = snapshot(self.folder)
        found, self._last = saved(self._last, now), now
        return found


def _files(folder: str, cut: int) -> Iterator[tuple[str, tuple[int, int, int]]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        # Hidden ones are of git, and the swap files of editors.
        if entry.name.startswith(".") or entry.name in LEFT_OUT:
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, cut)
            elif entry.name.endswith(READ_BY_CODE):
                found = entry.stat()
                # An inode changes when an editor writes a new file and renames it, even within one tick of the clock.
                yield entry.path[cut:], (found.st_mtime_ns, found.st_size, found.st_ino)
        except OSError:
            continue
