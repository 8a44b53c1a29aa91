"""The tunnels in the background of this project: a record of each, true while its keeper holds the lock beside it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aurora_cfn.local.detached import end_detached
from aurora_cfn.local.home import home_from
from aurora_cfn.local.lock import held, is_held, take
from aurora_cfn.local.record import read_json, replace_text
from aurora_cfn.model.database_tunnel import DatabaseTunnel, read_tunnel
from aurora_cfn.project.process import is_dead

START_SECONDS = 120.0
"""Seconds that a command waits for another one that starts or stops a tunnel: AWS and the plugin have to answer it."""
END_SECONDS = 20.0
"""Seconds for a keeper to end the plugin and its session before it is killed."""


@dataclass(frozen=True, slots=True)
class TunnelFiles:
    """The files of one tunnel: what it is, once it is open, and what its keeper did.

    `alive` is locked by the keeper for as long as it lives: its number may be another process's later.
    """

    record: Path
    alive: Path
    log: Path


@dataclass(frozen=True, slots=True)
class TunnelRecords:
    """The tunnels of one project."""

    folder: Path

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A block in which no other command starts or stops one, and no record is of a dead keeper.

        Raises BusyError if another command takes too long.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.mkdir(exist_ok=True, mode=0o700)
        with held(self._changes, START_SECONDS, "a tunnel"):
            self.drop_dead()
            yield

    @property
    def _changes(self) -> Path:
        return self.folder / "start.lock"

    def files(self, row: DatabaseTunnel) -> TunnelFiles:
        """The files of the tunnel, named by its far end, so that there is one tunnel to it."""
        digest = sha256(f"{row.host}:{row.host_port}".encode()).hexdigest()[:8]
        return TunnelFiles(*(self.folder / f"{row.env}-{digest}{ending}" for ending in (".json", ".lock", ".log")))

    def running(self) -> Sequence[DatabaseTunnel]:
        """Those whose keeper lives."""
        paths = [path for path in sorted(self.folder.glob("*.json")) if _is_alive(path)]
        found = [row for path in paths if (row := _read(path))]
        # Another command that looks holds the lock for a moment too.
        return [row for row in found if row.keeper and not is_dead(row.keeper)]

    def leading_to(self, host: str, port: int) -> DatabaseTunnel | None:
        """The running tunnel to that far end."""
        return next((row for row in self.running() if (row.host, row.host_port) == (host, port)), None)

    def drop_dead(self) -> None:
        """Remove what a killed keeper left: its record, and the process of its plugin; in a block of `changing`."""
        for path in self.folder.glob("*.json"):
            if not _is_alive(path):
                _end_plugin(_read(path))
                path.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Drop the dead ones, unless a command starts or stops one, which does so itself."""
        lock = take(self._changes) if self.folder.exists() else None
        if lock:
            self.drop_dead()
            lock.release()

    def write(self, row: DatabaseTunnel) -> None:
        """Write its record, readable by its owner alone."""
        replace_text(self.files(row).record, json.dumps(row.record()))

    def stop(self, row: DatabaseTunnel) -> None:
        """End its keeper, which ends the session, and wait for it; call it in a block of `changing`."""
        files = self.files(row)
        if row.keeper and is_held(files.alive) and not is_dead(row.keeper):
            end_detached(row.keeper.process, files.alive, END_SECONDS)
        files.record.unlink(missing_ok=True)
        _end_plugin(row)


def records() -> TunnelRecords:
    """The tunnels of the project in this folder."""
    return TunnelRecords(home_from(os.environ).tunnels)


def _is_alive(record: Path) -> bool:
    return is_held(record.with_suffix(".lock"))


def _read(path: Path) -> DatabaseTunnel | None:
    try:
        return read_tunnel(read_json(path))
    except (KeyError, TypeError, ValueError):
        return None


def _end_plugin(row: DatabaseTunnel | None) -> None:
    """End the plugin of a keeper that was killed: it would hold the port until AWS ends its session."""
    # Without the time when it began, the number may be that of another process.
    if row and row.plugin and row.plugin.began and not is_dead(row.plugin):
        with suppress(OSError):
            os.kill(row.plugin.process, signal.SIGTERM)
