"""The database servers of this emulator: created, found after a restart, started on demand, paused, copied, dropped."""

from __future__ import annotations

import json
import secrets
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path

from aurora_cfn.local.front.listener import HERE, Front, Place
from aurora_cfn.local.home import Home
from aurora_cfn.local.record import read_json
from aurora_cfn.local.servers.database_server import Database, Entry, Step, make_data
from aurora_cfn.local.servers.engine import Engine, Rules, Server
from aurora_cfn.local.servers.folders import data_folder, programs_folder, socket_folder
from aurora_cfn.local.servers.left_places import LeftPlaces
from aurora_cfn.local.servers.owner import Owner, owner
from aurora_cfn.local.servers.processes import end
from aurora_cfn.local.servers.program import Program

UNCHOSEN = frozenset({0, 5432, 3306})
"""Ports that a template does not choose: none, and the defaults of the engines."""
_RANDOM_BYTES = 5
"""In the name of a folder with the data of a database."""


def register_files(home: Home) -> Mapping[str, Path]:
    """Where the texts of `Databases.begin_saving` are kept, by their names."""
    return {name: home.postgres / f"{name}.json" for name in ("register", "left-places")}


class NoServerError(Exception):
    """There is no server of that engine on this machine: clusters are records only."""


class Databases:
    """All of them, by key; keys say account, region, kind and identifier."""

    def __init__(self, home: Home, environ: Mapping[str, str], front: Front, engines: Sequence[Engine]) -> None:
        """Read the register; nothing is started."""
        self._home = home
        self._engines = {each.name: each for each in engines}
        self._environ = environ
        self._front = front
        self._lock = threading.RLock()
        self._pattern_lock = threading.Lock()
        files = register_files(home)
        self._deleted: list[Path] = []
        self._leaving: list[Path] = []
        self._open: dict[str, Database] = {}
        self._prepared: dict[Program, Program] = {}
        found = read_json(files["register"])
        self._is_read = found is not None
        self._entries = {key: Entry(**row) for key, row in (found or {}).items()}
        self._left = LeftPlaces(read_json(files["left-places"]))
        self.on_step: Callable[[str, Step], None] = lambda _key, _step: None
        """Called with the key and each step of a pause, in the thread that pauses or resumes."""

    @cached_property
    def versions(self) -> dict[str, Sequence[Program]]:
        """Every installation that new databases may get, by the name of its engine."""
        return {name: engine.installed(self._environ) for name, engine in self._engines.items()}

    @cached_property
    def _owner(self) -> Owner:
        return owner()

    def create(self, key: str, major: int | None, port: int, engine: str = "postgres") -> Database:
        """Make an empty database server; `major` and `port` are preferences. Raises NoServerError."""
        kind = self._engines[engine]
        binaries = self._usable(kind, kind.find(self._environ, major))
        if binaries is None:
            raise NoServerError
        # Random, not the identifier: a new database of an old name never meets what is left of the old data.
        entry = Entry(secrets.token_hex(_RANDOM_BYTES), binaries.major, port=port, engine=engine)
        make_data(self._server(entry, binaries), self._pattern(engine, binaries))
        return self._enter(key, entry)

    def open(self, key: str, rules: Callable[[], Rules]) -> Database:
        """Open a database to clients; its entry has the address and port afterwards."""
        database = self.get(key)
        with self._lock:
            if key not in self._open:
                wish = database.place
                endpoint = self._engine(database).endpoint(database, rules)
                place = self._front.open(endpoint, (wish,) if wish.port else (), self._left.all())
                database.entry.address, database.entry.port = place.address, place.port
                self._open[key] = database
        return database

    def adopt(self, key: str) -> Database:
        """A database whose endpoint another module opens; its server is stopped with the others."""
        database = self.get(key)
        with self._lock:
            return self._open.setdefault(key, database)

    def get(self, key: str) -> Database:
        """The database of that name; KeyError when it is not one with data."""
        with self._lock:
            if key in self._open:
                return self._open[key]
            entry = self._entries[key]
            engine = self._engines[entry.engine]
            binaries = self._usable(engine, engine.find(self._environ, entry.major))
            if binaries is None or binaries.major != entry.major:
                binaries = engine.gone(entry.major)
            return Database(key, entry, self._server(entry, binaries), said=lambda step: self.on_step(key, step))

    def rename(self, old: str, new: str) -> None:
        """Move a database to another key; its endpoint is closed, and its server runs on.

        As in RDS, whose endpoints contain the identifier, the place stays with the key: it opens where the new key was.
        """
        with self._lock:
            database = self._open.pop(old, None)
            entry = self._entries.pop(old)
            before = Place(entry.address, entry.port)
            self._left.leave(old, before)
            place = self._left.take(new) or Place(HERE, 0)
            entry.address, entry.port = place.address, place.port
            self._entries[new] = entry
        if database:
            self._front.close(before)

    def known(self) -> list[str]:
        """Every key with data."""
        return sorted(self._entries)

    def close(self, key: str) -> None:
        """Close the endpoint and stop the server; the data stay."""
        with self._lock:
            database = self._open.pop(key, None)
        if database:
            self._front.close(database.place)
            database.end()

    def drop(self, key: str) -> None:
        """Stop the server, and delete its data once that is saved; nothing happens when there is none."""
        self.close(key)
        with self._lock:
            entry = self._entries.pop(key, None)
            if entry:
                self._left.leave(key, Place(entry.address, entry.port))
                self._deleted.append(data_folder(self._home) / entry.folder)

    def copy(self, source: str, target: str, port: int = 0) -> None:
        """Copy the data of one key under another, as they are at this moment; the source continues afterwards."""
        database = self.get(source)
        entry = Entry(secrets.token_hex(_RANDOM_BYTES), database.entry.major, port=port, engine=database.entry.engine)
        with database.lock:
            # Files of a running server are not a consistent copy.
            was_running = database.server.pid() is not None
            database.server.stop()
            make_data(self._server(entry, database.server.binaries), database.server.data)
            if was_running:
                database.server.start()
        self._enter(target, entry)

    def set_up(self, key: str, user: str, password: str, name: str) -> None:
        """Make the roles, the master user and the first database, and set the master's password."""
        database = self.get(key)
        self._engine(database).set_up(database.wake(), user, password, name)

    def set_password(self, key: str, user: str, password: str) -> None:
        """Change the master user's password in the server."""
        database = self.get(key)
        self._engine(database).set_password(database.wake(), user, password)

    def end_orphans(self) -> int:
        """Stop the servers that a killed emulator left running; how many there were."""
        folders = [path.parent for path in data_folder(self._home).glob("*/data")]
        rows = [(each.running_pid(folder), each.end_signal) for folder in folders for each in self._engines.values()]
        orphans = [(pid, number) for pid, number in rows if pid]
        _together([partial(end, *each) for each in orphans])
        return len(orphans)

    def drop_unfinished(self) -> None:
        """Delete the data of databases that a killed emulator was making: no key leads to them.

        Without a register, because it is gone or damaged, nothing is deleted: all of the data would be.
        """
        if not self._is_read:
            return
        kept = {entry.folder for entry in self._entries.values()}
        for folder in data_folder(self._home).glob("[0-9a-f]" * 2 * _RANDOM_BYTES):
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def begin_saving(self) -> Mapping[str, str]:
        """Texts by name, to be written in one step with the state of the APIs.

        So a kill leaves clusters and data that fit each other: what was deleted or renamed half a second before is as
        it was.
        """
        with self._lock:
            self._leaving = list(self._deleted)
            register = {key: asdict(entry) for key, entry in self._entries.items()}
            return {"register": json.dumps(register, indent=1), "left-places": self._left.text()}

    def saved(self) -> None:
        """The texts are written: the data that they no longer name are deleted."""
        for folder in self._leaving:
            shutil.rmtree(folder, ignore_errors=True)
            self._deleted.remove(folder)
        self._leaving = []

    def close_all(self) -> None:
        """Stop everything, in good order."""
        self._front.close_all()
        _together([each.end for each in self._open.values()])

    def _enter(self, key: str, entry: Entry) -> Database:
        with self._lock:
            place = self._left.take(key)
            if place and entry.port in UNCHOSEN:
                entry.address, entry.port = place.address, place.port
            self._entries[key] = entry
        return self.get(key)

    def engine(self, name: str) -> Engine:
        """The engine of that name."""
        return self._engines[name]

    def _engine(self, database: Database) -> Engine:
        return self._engines[database.entry.engine]

    def _server(self, entry: Entry, binaries: Program) -> Server:
        folder = data_folder(self._home) / entry.folder
        sockets = socket_folder(self._home, entry.folder)
        return self._engines[entry.engine].server(folder, sockets, binaries, self._owner)

    def _pattern(self, engine: str, binaries: Program) -> Path:
        """Initialised data to copy: initdb takes half a second, a copy of what it makes a twentieth."""
        # Not the other lock: what waits for that one, such as the next saving, need not wait for initdb.
        with self._pattern_lock:
            entry = Entry(f"pattern-{engine}-{binaries.version}", binaries.major, engine=engine)
            server = self._server(entry, binaries)
            make_data(server, None)
            return server.data

    def _usable(self, engine: Engine, found: Program | None) -> Program | None:
        if found is None:
            return None
        known = self._prepared.get(found)
        if known is not None and known.folder.exists():
            return known
        try:
            who = self._owner
        except LookupError:
            return None
        # Kept: the programs are run to see whether they do, and every access to a database comes by here.
        usable = engine.prepared(found, who, programs_folder(self._home))
        if usable is not None:
            self._prepared[found] = usable
        return usable


def _together(work: Sequence[Callable[[], None]]) -> None:
    """Do all of it in threads and wait for the last: each server takes a moment to end."""
    with ThreadPoolExecutor(max(1, len(work))) as pool:
        pool.map(lambda each: each(), work)
