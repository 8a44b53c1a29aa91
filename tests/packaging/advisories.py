"""`python -m tests.packaging.advisories FOLDER`: the locked packages in a copy of PyPA's advisory database.

FOLDER is a clone of github.com/pypa/advisory-database. It finds no more than what was known when it was cloned; that
day is printed. Exits with 1 where a locked version is affected.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

LOCK = Path(__file__).parents[2] / "requirements.lock"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def locked(text: str) -> dict[str, set[str]]:
    """The versions of each package in the text of a lock; there may be several, each for another platform."""
    found: dict[str, set[str]] = {}
    for name, version in _PINNED.findall(text):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def affected(folder: Path, packages: Mapping[str, set[str]]) -> Iterator[str]:
    """`NAME VERSION: ID, fixed in ...` for each advisory of a locked version that was not withdrawn."""
    for name, versions in packages.items():
        for path in sorted((folder / "vulns" / name).glob("*.yaml")):
            advisory = yaml.safe_load(path.read_text(encoding="utf-8"))
            for version in sorted(versions) if "withdrawn" not in advisory else ():
                if any(_has(row, version) for row in advisory.get("affected", ())):
                    ids = ", ".join([advisory["id"], *advisory.get("aliases", ())])
                    yield f"{name} {version}: {ids}{_fixed(advisory)}"


def newest(folder: Path) -> str:
    """The day of the newest change in any advisory; empty for a folder without advisories."""
    changed = re.compile(r"^modified: ['\"]?(\d{4}-\d{2}-\d{2})", re.MULTILINE)
    texts = (path.read_text(encoding="utf-8") for path in folder.glob("vulns/*/*.yaml"))
    return max((found[1] for text in texts if (found := changed.search(text))), default="")


def _has(row: Mapping[str, Any], version: str) -> bool:
    """Whether the version is listed, or is in a range of versions (OSV schema, "affected")."""
    if version in map(str, row.get("versions", ())):
        return True
    return any(_in(found["events"], version) for found in row.get("ranges", ()) if found["type"] == "ECOSYSTEM")


def _in(events: list[Mapping[str, Any]], version: str) -> bool:
    """Whether the last event at or before the version begins the affected versions."""
    asked, inside = Version(version), False
    for (kind, at), *_ in sorted((list(event.items()) for event in events), key=lambda event: _at(event[0][1])):
        if kind == "introduced" and asked >= _at(at):
            inside = True
        elif (kind == "fixed" and asked >= _at(at)) or (kind == "last_affected" and asked > _at(at)):
            inside = False
    return inside


def _at(text: object) -> Version:
    try:
        return Version(str(text))
    except InvalidVersion:
        return Version("0")


def _fixed(advisory: Mapping[str, Any]) -> str:
    events = (
        event
        for row in advisory["affected"]
        for part in row.get("ranges", ())
        if part["type"] == "ECOSYSTEM"
        for event in part["events"]
    )
    fixed = [str(event["fixed"]) for event in events if "fixed" in event]
    return f", fixed in {', '.join(fixed)}" if fixed else ""


def main() -> None:
    """Print what is affected, and on stderr what was looked at."""
    folder = Path(sys.argv[1] if sys.argv[1:] else "")
    day = newest(folder)
    if not day:
        raise SystemExit(f"{folder} is no clone of github.com/pypa/advisory-database")
    packages = locked(LOCK.read_text())
    found = list(affected(folder, packages))
    print(*found, sep="\n", end="\n" * bool(found))
    sys.stderr.write(f"{len(packages)} locked packages, advisories up to {day}: {len(found)} found\n")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
