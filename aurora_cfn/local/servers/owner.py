"""The operating system's user that database servers run as."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# PostgreSQL refuses to run as root. Packages make the first user, and every system has the second.
ORDINARY_USERS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who runs the servers: this process's own user, or an ordinary one where this process is root's."""

    uid: int
    gid: int
    is_other: bool

    def options(self) -> dict[str, Any]:
        """What subprocess needs to start something as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def folder(self, path: Path) -> Path:
        """Make a folder that only this user can open; other users can pass through its parents, but not list them.

        PermissionError when another user took the name first, or put a link there.
        """
        make_passage(path.parent)
        try:
            path.mkdir(mode=0o700)
            if self.is_other:
                os.chown(path, self.uid, self.gid)
        except FileExistsError:
            pass
        # lstat: a link that another user put there would lead the data into a folder of theirs.
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.uid:
            raise PermissionError(f"{path} is not a folder of the user {self.uid}: it was made by another user")
        if found.st_mode & 0o077:
            path.chmod(0o700)
        return path

    def write(self, path: Path, text: str) -> None:
        """Write a file that only this user may read."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def run(self, command: Sequence[str], folder: Path, environ: Mapping[str, str], given: bytes = b"") -> None:
        """Run a program as this user in a folder, with `given` as its input. Raises OSError with its own words."""
        done = subprocess.run(
            command, input=given, capture_output=True, cwd=folder, env=environ, **self.options(),
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).decode(errors="replace")
            raise OSError(f"{Path(command[0]).name}: {said[-600:]}")


def make_passage(path: Path) -> None:
    """Make a folder and its parents, where they are not there: other users can pass through, but not list them."""
    for each in (*reversed(path.parents), path):
        if not each.exists():
            # Servers that start together make it at the same time.
            each.mkdir(mode=0o711, exist_ok=True)


def owner() -> Owner:
    """The user for this process; LookupError when root finds no ordinary user."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), is_other=False)
    import pwd

    for name in ORDINARY_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid, is_other=True)
    raise LookupError(f"database servers do not run as root, and none of the users {', '.join(ORDINARY_USERS)} exists")


def runs(command: Sequence[str], who: Owner, environ: Mapping[str, str] | None = None) -> bool:
    """Whether the command can be started as this user and ends well; `environ` replaces this process's variables."""
    try:
        subprocess.run(command, capture_output=True, timeout=10, check=True, cwd="/", env=environ, **who.options())
    except (OSError, subprocess.SubprocessError):
        return False
    return True
