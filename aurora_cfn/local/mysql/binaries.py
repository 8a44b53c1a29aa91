"""Find the server programs of MySQL or MariaDB on this machine.

The places: the setting AURORA_CFN_MYSQL_BIN, PATH, and the folders where systems install them. MySQL 8 is preferred,
because Aurora MySQL is made of it; MariaDB, which Debian has, differs from it (docs/laptop.md).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from aurora_cfn.local.servers.program import Program

SETTING = "AURORA_CFN_MYSQL_BIN"
PROGRAMS = ("mysqld", "mariadbd")
USUAL_FOLDERS = (
    "/usr/sbin",
    "/usr/libexec",
    "/usr/local/mysql/bin",
    "/opt/homebrew/opt/mysql*/bin",
    "/opt/homebrew/opt/mariadb*/bin",
    "/usr/local/opt/mysql*/bin",
    "/usr/local/opt/mariadb*/bin",
    "/opt/local/lib/mysql*/bin",
    "/opt/local/lib/mariadb*/bin",
)
_VERSION = re.compile(r"\bVer (?P<version>(?P<major>\d+)\.(?P<minor>\d+)\.\d+)")


def series(version: str) -> int:
    """The series as a number: 804 for MySQL 8.4, 1011 for MariaDB 10.11; 0 for a text without one."""
    parts = [int(part) for part in re.findall(r"\d+", version)[:2]]
    return parts[0] * 100 + parts[1] if len(parts) == 2 else 0


def find(environ: Mapping[str, str], major: int | None) -> Program | None:
    """The installation of that series, else the best: MySQL before MariaDB, then the newest; None without any."""
    found = installed(environ)
    same = [each for each in found if each.major == major]
    return next(iter(same or found[-1:]), None)


def installed(environ: Mapping[str, str]) -> Sequence[Program]:
    """Every installation, each version once, the best last; a setting is obeyed, and nothing else is looked at."""
    found: dict[str, Program] = {}
    for source, folders in places(environ):
        for path in (folder / name for folder in folders for name in PROGRAMS):
            seen = inspect(path, source) if path.exists() else None
            if seen:
                found.setdefault(seen.title, seen)
        if source == SETTING:
            break
    return sorted(found.values(), key=lambda each: (not each.is_mariadb, each.major))


def places(environ: Mapping[str, str]) -> Iterator[tuple[str, list[Path]]]:
    """Every place in order, with its folders; a setting may name the program or its folder."""
    if environ.get(SETTING):
        chosen = Path(environ[SETTING]).expanduser()
        yield SETTING, [chosen if chosen.is_dir() else chosen.parent]
        return
    on_path = [shutil.which(name, path=environ.get("PATH", "")) for name in PROGRAMS]
    yield "PATH", [Path(each).resolve().parent for each in on_path if each]
    yield "system", [folder for pattern in USUAL_FOLDERS for folder in sorted(Path("/").glob(pattern.lstrip("/")))]


# Each answer is the start of a process.
@lru_cache(maxsize=32)
def inspect(program: Path, source: str) -> Program | None:
    """The installation of a program; None where it does not run here, or is MySQL of a series that Aurora has not."""
    try:
        said = subprocess.run(
            [program, "--no-defaults", "--version"], capture_output=True, text=True, timeout=10, check=True,
            env=environment(program),
        ).stdout  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    match = _VERSION.search(said)
    if match is None:
        return None
    product = "MariaDB" if "MariaDB" in said else "MySQL"
    if product == "MySQL" and match["major"] != "8":
        return None
    return Program(product, program.resolve(), match["version"], series(match["version"]), source)


def root(program: Path) -> Path:
    """The folder with `bin/`, `share/` and `lib/`: /usr, or where a package was unpacked."""
    return program.resolve().parent.parent


def environment(program: Path) -> dict[str, str]:
    """The variables of its process: libraries unpacked beside it are found, as in a folder that dpkg -x made."""
    beside = [folder for folder in sorted(root(program).glob("lib/*-linux-gnu")) if root(program) != Path("/usr")]
    paths = {"LD_LIBRARY_PATH": ":".join(map(str, beside))} if beside else {}
    return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC", **paths}
