"""The status of the emulator of this home, as JSON and as lines for a person."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aurora_cfn.local.home import Home, home_from
from aurora_cfn.local.keys import read_keys
from aurora_cfn.local.launcher import running
from aurora_cfn.local.servers.folders import outside_folders
from aurora_cfn.local.wire import call


def status(home: Home | None = None) -> dict[str, Any]:
    """Everything known about the emulator of this home: `running`, `home`, `disk_bytes`, and the server's own page.

    `trouble` says why that page is missing, that the state is not saved, or that the server is of another version.
    """
    home = home or home_from(os.environ)
    found: dict[str, Any] = {"running": False, "home": str(home.path)}
    found["disk_bytes"] = sum(map(size, (home.path, *outside_folders(home))))
    record = running(home) if home.path.exists() else None
    if record is None:
        return found
    found |= {"running": True, "endpoint": record.endpoint, "pid": record.pid}
    trouble = [record.other_version] if record.other_version else []
    try:
        page: dict[str, Any] = call(record, "GET", "status", keys=read_keys(home))
    except OSError as error:
        page = {"trouble": [f"it does not say its status: {error}"]}
    return found | page | {"trouble": [*trouble, *page.get("trouble", ())]}


def size(folder: Path) -> int:
    """Bytes of the files below a folder; those that vanish meanwhile or may not be read count nothing."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_size
            # A server deletes files of its own while they are counted.
            except OSError:
                continue
    return total


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The status for a person, one fact a line."""
    yield f"emulator    {'running at ' + found['endpoint'] if found['running'] else 'stopped'}"
    if found["running"]:
        yield f"pid         {found['pid']}"
    yield from (f"trouble     {sentence}" for sentence in found.get("trouble", ()))
    yield f"home        {found['home']}"
    yield f"disk        {found['disk_bytes'] / 1e6:.1f} MB"
    for engine in ("postgres", "mysql"):
        if found.get(engine):
            yield f"{engine:<12}{found[engine]}"
    for sentence in found.get("unusable", ()):
        yield f"passed over {sentence}"
    if found["running"]:
        # All of 127.0.0.0/8 is this machine alone; proxies and DSQL clusters get an address each, with the usual port.
        yield f"bound       {', '.join([found['endpoint'].removeprefix('http://'), *found.get('bound', ())])}"
    for title, key in (
        ("stack", "stacks"),
        ("stack set", "stack_sets"),
        ("database", "databases"),
        ("proxy", "proxies"),
        ("api", "apis"),
        ("live", "live"),
    ):
        for row in found.get(key, ()):
            yield f"{title:<12}{'  '.join(str(value) for value in row.values())}"
    for name, count in found.get("record_only", {}).items():
        yield f"record only {name}  {count}"
