"""The file that holds the process id, the port and the version of a running server."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aurora_cfn import __version__


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

    @property
    def other_version(self) -> str:
        """A sentence if the server is of another version than this program, else empty."""
        if self.version == __version__:
            return ""
        remedy = "`aurora-cfn local stop` ends it, and the next command starts this version; stacks and databases stay"
        return f"the emulator that runs is aurora-cfn {self.version or 'unknown'}, this is {__version__}: {remedy}"


def write_record(path: Path, record: ServerRecord) -> None:
    """Replace the file in one step."""
    replace_text(path, json.dumps(asdict(record)))


def read_record(path: Path) -> ServerRecord | None:
    """The record; None where there is none or it is damaged."""
    try:
        found = read_json(path)
        return ServerRecord(int(found["pid"]), int(found["port"]), str(found["version"]))
    except (ValueError, KeyError, TypeError):
        return None


def read_json(path: Path) -> Any:
    """The content of a JSON file; None where there is none or it is damaged."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


def replace_text(path: Path, text: str) -> None:
    """Write a file that only its owner may read, in one step."""
    # Written beside and renamed: a reader, or a kill in between, finds the old text or the new one, never half of it.
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        beside.replace(path)
    except BaseException:
        # Such as a full disk: what is half written would take room there.
        beside.unlink(missing_ok=True)
        raise
