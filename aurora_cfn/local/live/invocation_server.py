"""The server of a live session: it takes invocations from the emulator, on 127.0.0.1 and below a secret path.

Before each one it looks which files of the source were saved, by their times, sizes and inodes.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from aurora_cfn.local.live.lines import request_line, saved_line
from aurora_cfn.local.live.outcome import Outcome
from aurora_cfn.local.live.pool import Invocation

Snapshot: TypeAlias = Mapping[str, tuple[int, int, int]]
LEFT_OUT = frozenset({"__pycache__", "node_modules", "venv"})
READ_BY_CODE = (
    ".py", ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".sql", ".txt", ".html", ".xml", ".csv", ".pem", ".jinja",
)  # fmt: skip
"""Endings of files that are code, or that code reads when it is imported; logs and databases change all the time."""


def snapshot(folder: Path) -> Snapshot:
    """Modification time, size and inode of each file by its path below the folder; empty for a folder that is gone."""
    return dict(_files(str(folder), len(str(folder)) + 1))


@dataclass(slots=True)
class Changes:
    """The changes of a folder since the last look."""

    folder: Path
    _last: Snapshot = field(init=False)

    def __post_init__(self) -> None:
        self._last = snapshot(self.folder)

    def look(self) -> list[str]:
        """Paths that were added, changed or deleted since the last look; sorted."""
        before, self._last = self._last, snapshot(self.folder)
        return sorted(name for name in before.keys() | self._last.keys() if before.get(name) != self._last.get(name))


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


class Workers(Protocol):
    """What answers for one function."""

    def answer(self, asked: Invocation) -> Outcome:
        """The answer with the code as it is now."""

    def reload(self) -> bool:
        """Import the code again; True when a worker has it already."""

    def close(self) -> None:
        """End the workers."""


@dataclass(slots=True)
class Live:
    """Functions by ARN, the folders that are watched, and `say(kind, line)`; kinds: request, log, note."""

    functions: Mapping[str, Workers]
    names: Mapping[str, str]
    folders: Sequence[Path]
    say: Callable[[str, str], None]
    _changes: list[Changes] = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._changes = [Changes(folder) for folder in dict.fromkeys(self.folders)]

    def refresh(self) -> None:
        """Import the code again where a file was saved; a request that comes meanwhile waits for it."""
        with self._lock:
            names = [name for row in self._changes for name in row.look()]
            if not names:
                return
            start = time.monotonic()
            # In order, not at once: most sessions use one function, and two cores import no faster.
            reloaded = [workers.reload() for workers in self.functions.values()]
            seconds = f", reloaded in {time.monotonic() - start:.2f} s" if any(reloaded) else ""
            self.say("note", f"{saved_line(names)}{seconds}")

    def answer(self, message: Mapping[str, Any]) -> Outcome:
        """The answer to an invocation, with what was saved until now."""
        self.refresh()
        start = time.monotonic()
        arn = str(message["arn"])
        asked = Invocation(**message)
        outcome = self.functions[arn].answer(asked)
        self.say("request", request_line(asked.event, outcome, time.monotonic() - start, self.names[arn]))
        return outcome

    def close(self) -> None:
        """End all workers."""
        for workers in self.functions.values():
            workers.close()


class Server:
    """The running server; `url` is what the emulator is given."""

    def __init__(self, live: Live) -> None:
        """Listen on a free port of 127.0.0.1, in threads that end with the process."""
        path = f"/{secrets.token_urlsafe(24)}"
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(live, path))
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}{path}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Take no more invocations."""
        self._http.shutdown()
        self._http.server_close()


def _handler(live: Live, path: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Whether the session is here."""
            self._send(200 if self._known() else 404, b"")

        def do_POST(self) -> None:
            """Answer an invocation."""
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if not self._known():
                return self._send(404, b"")
            # The status is the receipt: without it the emulator knows that nothing has run, should this process end.
            self.send_response(200)
            self.end_headers()
            self.wfile.flush()
            self.wfile.write(live.answer(json.loads(body)).wire())
            return None

        def log_message(self, *_: Any) -> None:
            """Nothing: the session shows the requests itself."""

        def _known(self) -> bool:
            return compare_digest(self.path, path)

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
