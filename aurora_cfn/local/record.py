"""The file that holds the process id, the port and the version of a running server."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """One running server: the process, its port on 127.0.0.1, and the version of this program that runs it."""

    pid: int
    port: int
    version: str

    @property
    def endpoint(self) -> str:
        """The URL that AWS clients are given."""
        return f"http://127.0.0.1:{self.port}"


def write_record(path: Path, record: ServerRecord) -> None:
    """Replace the file in one step, so that a reader never sees half of it."""
    replace_text(path, json.dumps(asdict(record)))


def read_record(path: Path) -> ServerRecord | None:
    """The record; None where there is none or it is damaged."""
    try:
        found = json.loads(path.read_text())
        return ServerRecord(int(found["pid"]), int(found["port"]), str(found["version"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def replace_text(path: Path, text: str) -> None:
    """Write a file that only its owner may read, in one step."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    beside.replace(path)
