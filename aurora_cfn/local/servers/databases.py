"""The database servers of this emulator: created, found after a restart, started on demand, paused, copied, dropped."""

from __future__ import annotations

import json
import secrets
import shutil
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property, partial
from pathlib import Path

from aurora_cfn.local.front.listener import HERE, Front, Place
from aurora_cfn.local.home import Home
from aurora_cfn.local.postgres import administration
from aurora_cfn.local.postgres.binaries import Binaries, find, installed
from aurora_cfn.local.postgres.front.doors import DatabaseDoor, Rules
from aurora_cfn.local.postgres.installation import prepared
from aurora_cfn.local.postgres.server import PostgresServer, end, running_pid
from aurora_cfn.local.record import read_json, replace_text
from aurora_cfn.local.servers.folders import data_folder, socket_folder
from aurora_cfn.local.servers.owner import Owner, owner


class NoPostgresError(Exception):
    """There is no PostgreSQL on this machine: clusters are records only."""


@dataclass(slots=True)
class Entry:
    """One line of the register: the folder of the data, where clients connect, and the major version of the data."""

    folder: str
    major: int
    address: str = HERE
    port: int = 0


@dataclass(slots=True)
class Database:
    """One database server, addressed by its key."""

    key: str
    entry: Entry
    server: PostgresServer
    lock: threading.RLock = field(default_factory=threading.RLock)
    resume_seconds: float = 0.0
    is_paused: bool = False
    resumes_at: float | None = None

    @property
    def place(self) -> Place:
        """Where clients connect."""
        return Place(self.entry.address, self.entry.port)

    def wake(self) -> PostgresServer:
        """The running server; a paused one is resumed first, which takes `resume_seconds` as in Aurora."""
        self.begin_resuming()
        while (rest := self.resuming_for()) > 0:
            time.sleep(min(rest, 0.1))
        with self.lock:
            self.is_paused, self.resumes_at = False, None
            self.server.start()
        return self.server

    def pause(self, resume_seconds: float) -> None:
        """Stop it until a client connects, which then takes this many seconds."""
        with self.lock:
            self.server.stop()
            self.is_paused, self.resume_seconds, self.resumes_at = True, resume_seconds, None

    def begin_resuming(self) -> None:
        """Start the clock of a paused server."""
        with self.lock:
            if self.is_paused and self.resumes_at is None:
                self.resumes_at = time.monotonic() + self.resume_seconds

    def resuming_for(self) -> float:
        """Seconds until a paused server is there; 0 for one that is."""
        return max(0.0, self.resumes_at - time.monotonic()) if self.resumes_at is not None else 0.0


class Databases:
    """All of them, by key; keys say account, region, kind and identifier."""

    def __init__(self, home: Home, environ: Mapping[str, str], front: Front) -> None:
        """Read the register; nothing is started."""
        self._home = home
        self._environ = environ
        self._front = front
        self._lock = threading.RLock()
        self._register = home.postgres / "register.json"
        self._open: dict[str, Database] = {}
        self._entries = {key: Entry(**row) for key, row in (read_json(self._register) or {}).items()}

    @cached_property
    def versions(self) -> list[Binaries]:
        """Every PostgreSQL that new databases may get, oldest first."""
        return installed(self._environ)

    @cached_property
    def _owner(self) -> Owner:
        return owner()

    def create(self, key: str, major: int | None, port: int) -> Database:
        """Make an empty database server; `major` and `port` are preferences. Raises NoPostgresError."""
        binaries = self._usable(find(self._environ, major))
        if binaries is None:
            raise NoPostgresError
        # Random, not the identifier: a new database of an old name never meets what is left of the old data.
        entry = Entry(secrets.token_hex(5), binaries.major, port=port)
        self._server(entry, binaries).create(self._pattern(binaries))
        return self._enter(key, entry)

    def open(self, key: str, rules: Callable[[], Rules]) -> Database:
        """Open a database to clients; its entry has the address and port afterwards."""
        database = self.get(key)
        with self._lock:
            if key not in self._open:
                wish = database.place
                place = self._front.open(DatabaseDoor(database, rules), (wish,) if wish.port else ())
                database.entry.address, database.entry.port = place.address, place.port
                self._open[key] = database
                self._write()
        return database

    def adopt(self, key: str) -> Database:
        """A database whose door another module opens; its server is stopped with the others."""
        database = self.get(key)
        with self._lock:
            return self._open.setdefault(key, database)

    def get(self, key: str) -> Database:
        """The database of that name; KeyError when it is not one with data."""
        with self._lock:
            if key in self._open:
                return self._open[key]
            entry = self._entries[key]
            binaries = self._usable(find(self._environ, entry.major))
            if binaries is None or binaries.major != entry.major:
                binaries = Binaries(Path("/nowhere"), str(entry.major), "gone")  # its server says so when it is started
            return Database(key, entry, self._server(entry, binaries))

    def rename(self, old: str, new: str) -> None:
        """Move a database to another key; its door is closed, and its server runs on."""
        with self._lock:
            database = self._open.pop(old, None)
            self._entries[new] = self._entries.pop(old)
            self._write()
        if database:
            self._front.close(database.place)

    def known(self) -> list[str]:
        """Every key with data."""
        return sorted(self._entries)

    def close(self, key: str) -> None:
        """Close the door and stop the server; the data stay."""
        with self._lock:
            database = self._open.pop(key, None)
        if database:
            self._front.close(database.place)
            database.server.stop()

    def drop(self, key: str) -> None:
        """Stop the server and delete its data; nothing happens when there is none."""
        self.close(key)
        with self._lock:
            entry = self._entries.pop(key, None)
            self._write()
        if entry:
            shutil.rmtree(data_folder(self._home) / entry.folder, ignore_errors=True)

    def copy(self, source: str, target: str, port: int = 0) -> None:
        """Copy the data of one key under another, as they are at this moment; the source goes on afterwards."""
        database = self.get(source)
        entry = Entry(secrets.token_hex(5), database.entry.major, port=port)
        with database.lock:
            # Files of a running server are not a consistent copy.
            was_running = database.server.pid() is not None
            database.server.stop()
            self._server(entry, database.server.binaries).create(database.server.data)
            if was_running:
                database.server.start()
        self._enter(target, entry)

    def furnish(self, key: str, user: str, password: str, name: str) -> None:
        """Make the roles, the master user and the first database, and set the master's password."""
        administration.furnish(self.get(key).wake(), user, password, name)

    def set_password(self, key: str, user: str, password: str) -> None:
        """Change the master user's password in the server."""
        administration.set_password(self.get(key).wake(), user, password)

    def end_orphans(self) -> int:
        """Stop the servers that a killed emulator left running; how many there were."""
        pids = [running_pid(path.parent) for path in data_folder(self._home).glob("*/data/postmaster.pid")]
        orphans = [pid for pid in pids if pid]
        _together([partial(end, pid, signal.SIGINT) for pid in orphans])
        return len(orphans)

    def close_all(self) -> None:
        """Stop everything, in good order."""
        self._front.close_all()
        _together([each.server.stop for each in self._open.values()])

    def _enter(self, key: str, entry: Entry) -> Database:
        with self._lock:
            self._entries[key] = entry
            self._write()
        return self.get(key)

    def _server(self, entry: Entry, binaries: Binaries) -> PostgresServer:
        folder = data_folder(self._home) / entry.folder
        return PostgresServer(folder, socket_folder(self._home, entry.folder), binaries, self._owner)

    def _pattern(self, binaries: Binaries) -> Path:
        """Initialised data to copy: initdb takes half a second, a copy of what it makes a twentieth."""
        with self._lock:
            entry = Entry(f"pattern-small-{binaries.version}", binaries.major)
            server = self._server(entry, binaries)
            server.create(None)
            return server.data

    def _usable(self, found: Binaries | None) -> Binaries | None:
        if found is None:
            return None
        try:
            who = self._owner
        except LookupError:
            return None
        return prepared(found, who, data_folder(self._home) / "binaries")

    def _write(self) -> None:
        self._register.parent.mkdir(parents=True, exist_ok=True)
        replace_text(self._register, json.dumps({key: asdict(entry) for key, entry in self._entries.items()}, indent=1))


def _together(work: Sequence[Callable[[], None]]) -> None:
    """Do all of it in threads and wait for the last: each server takes a moment to end."""
    threads = [threading.Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
