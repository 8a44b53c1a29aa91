"""One database server of the emulator: its data made, then started on demand, paused, resumed."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from aurora_cfn.local.front.listener import HERE, Place
from aurora_cfn.local.servers.engine import Server


@dataclass(slots=True)
class Entry:
    """One line of the register: the folder of the data, where clients connect, the engine, the data's major version.

    `resource` is the id in RDS that stays when the identifier changes.
    """

    folder: str
    major: int
    address: str = HERE
    port: int = 0
    engine: str = "postgres"
    resource: str = ""


Step: TypeAlias = Literal["pausing", "paused", "resuming", "resumed"]
"""What a database that pauses or resumes does, in this order."""


@dataclass(slots=True)
class Database:
    """One database server, addressed by its key; `said` is called with each step of a pause."""

    key: str
    entry: Entry
    server: Server
    lock: threading.RLock = field(default_factory=threading.RLock)
    resume_seconds: float = 0.0
    is_paused: bool = False
    resumes_at: float | None = None
    said: Callable[[Step], None] = lambda _: None

    @property
    def place(self) -> Place:
        """Where clients connect."""
        return Place(self.entry.address, self.entry.port)

    def wake(self) -> Server:
        """The running server; a paused one is resumed first, which takes `resume_seconds` as in Aurora.

        Raises OSError when it does not start, such as because its data are gone.
        """
        self.begin_resuming()
        while (rest := self.resuming_for()) > 0:
            # In short steps: another client, or the timer, may have resumed it meanwhile.
            time.sleep(min(rest, 0.1))
        with self.lock:
            resumed = self.is_paused
            self.is_paused, self.resumes_at = False, None
            if not self.server.data.is_dir():
                reset = "`aurora-cfn local reset` deletes the stacks of it too"
                raise FileNotFoundError(f"the data of this database are gone: {self.server.data} is not there; {reset}")
            self.server.start()
        if resumed:
            self.said("resumed")
        return self.server

    def pause(self, resume_seconds: float) -> None:
        """Stop it until a client connects, which then takes this many seconds."""
        again = self.is_paused
        if not again:
            self.said("pausing")
        with self.lock:
            self.server.stop()
            self.is_paused, self.resume_seconds, self.resumes_at = True, resume_seconds, None
        if not again:
            self.said("paused")

    def begin_resuming(self) -> None:
        """Start the clock of a paused server, which then resumes also if no client waits for it, as in Aurora."""
        with self.lock:
            if not self.is_paused or self.resumes_at is not None:
                return
            self.resumes_at = time.monotonic() + self.resume_seconds
        self.said("resuming")
        timer = threading.Timer(self.resume_seconds, self._resume)
        timer.daemon = True
        timer.start()

    def _resume(self) -> None:
        with self.lock:
            if self.resumes_at is not None:
                self.wake()

    def end(self) -> None:
        """Stop it for good: a pause ends too."""
        with self.lock:
            self.is_paused, self.resumes_at = False, None
            self.server.stop()

    def resuming_for(self) -> float:
        """Seconds until a paused server is there; 0 for one that is."""
        return max(0.0, self.resumes_at - time.monotonic()) if self.resumes_at is not None else 0.0


def make_data(server: Server, pattern: Path | None) -> None:
    """Make the data of a server where there are none: a copy of `pattern`, which is an initialised folder, or new."""
    server.owner.folder(server.folder)
    if server.data.exists():
        return
    half = half_made(server.folder)
    if pattern:
        # As the servers' own user, so that the copy belongs to it.
        server.owner.run(["cp", "-Rp", str(pattern), str(half)], server.folder, {"PATH": os.environ.get("PATH", "")})
    else:
        server.initialise(half)
    half.rename(server.data)


def half_made(folder: Path) -> Path:
    """A path in the folder at which nothing is; what earlier processes left half made is removed."""
    for left in folder.glob("half-*"):
        shutil.rmtree(left, ignore_errors=True)
    # A name of this process: the initdb of an emulator that was killed may still write into its own for a moment.
    return folder / f"half-{os.getpid()}"
