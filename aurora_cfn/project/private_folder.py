"""A folder for private keys: readable by its owner only, and outside of git repositories."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aurora_cfn.certificates import Identity
from aurora_cfn.errors import InputError

CERTIFICATE, KEY = ".crt", ".key"


def default_folder(environ: Mapping[str, str], env: str) -> Path:
    """The folder for the VPN keys of an environment, in the user's data folder (XDG base directory specification)."""
    data = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "aurora-cfn" / "vpn" / env


def refuse_repository(path: Path) -> None:
    """Raise InputError if the path is in a git work tree, where `git add` could publish the key."""
    where = path.absolute().resolve()
    tree = next((folder for folder in (where, *where.parents) if (folder / ".git").exists()), None)
    if tree:
        raise InputError(f"{path} is inside the git work tree {tree}: private keys belong elsewhere, give --folder")


@dataclass(frozen=True, slots=True)
class PrivateFolder:
    """Identities and notes as files that only their owner can read."""

    path: Path

    def open(self) -> None:
        """Create the folder with mode 0700. Raises InputError in a git work tree, or if others can read the folder."""
        refuse_repository(self.path)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            mode = self.path.stat().st_mode & 0o777
        except OSError as error:
            raise InputError(f"{self.path}: cannot be made: {error.strerror}") from None
        if os.name == "posix" and mode & 0o077:
            raise InputError(f"{self.path}: others can read it ({mode:o}): chmod 700 it, or give another --folder")

    def identities(self) -> dict[str, Identity]:
        """All identities by name. Raises InputError for a certificate without its key."""
        names = sorted(file.stem for file in self.path.glob(f"*{CERTIFICATE}")) if self.path.is_dir() else []
        return {name: self._identity(name) for name in names}

    def keep(self, name: str, identity: Identity) -> None:
        """Write an identity; the key first, so that no certificate is ever without one."""
        self.write(f"{name}{KEY}", identity.key)
        self.write(f"{name}{CERTIFICATE}", identity.certificate)

    def note(self, name: str) -> str:
        """The text that `write` stored under that name, empty if none."""
        file = self.path / name
        return file.read_text(encoding="utf-8").strip() if file.exists() else ""

    def write(self, name: str, text: str) -> Path:
        """Write a file with mode 0600; its path."""
        return write_private(self.path / name, text)

    def _identity(self, name: str) -> Identity:
        try:
            certificate = (self.path / f"{name}{CERTIFICATE}").read_text(encoding="utf-8")
            return Identity(certificate, (self.path / f"{name}{KEY}").read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"{error.filename}: cannot be read: {error.strerror}") from None


def write_private(path: Path, text: str) -> Path:
    """Write a file with mode 0600, completely or not at all; its path. Raises InputError if it cannot be written."""
    # The mode is set when the temporary file is created: it is never readable by others, not even for a moment.
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    return path
