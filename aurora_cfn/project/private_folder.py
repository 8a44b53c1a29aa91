"""A folder for private keys: nobody else may look into it, and no repository may swallow it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aurora_cfn.certificates import Identity
from aurora_cfn.errors import InputError

CERTIFICATE, KEY = ".crt", ".key"


def default_folder(environ: Mapping[str, str], env: str) -> Path:
    """Where the VPN's keys of an environment live: below the user's data folder."""
    data = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "aurora-cfn" / "vpn" / env


def refuse_repository(path: Path) -> None:
    """Raise InputError when the path lies in a git work tree: a key in there is one `git add` from the world."""
    where = path.absolute().resolve()
    tree = next((folder for folder in (where, *where.parents) if (folder / ".git").exists()), None)
    if tree:
        raise InputError(f"{path} is inside the git work tree {tree}: private keys belong elsewhere, give --folder")


@dataclass(frozen=True, slots=True)
class PrivateFolder:
    """Identities and notes as files that their owner alone may read."""

    path: Path

    def open(self) -> None:
        """Make the folder, 0700. Raises InputError inside a git work tree, or when others may look into it."""
        refuse_repository(self.path)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            mode = self.path.stat().st_mode & 0o777
        except OSError as error:
            raise InputError(f"{self.path}: cannot be made: {error.strerror}") from None
        if os.name == "posix" and mode & 0o077:
            raise InputError(f"{self.path}: others may look into it ({mode:o}): chmod 700 it, or give another --folder")

    def identities(self) -> dict[str, Identity]:
        """Every identity kept here, by name. Raises InputError for a certificate without its key."""
        names = sorted(file.stem for file in self.path.glob(f"*{CERTIFICATE}")) if self.path.is_dir() else []
        return {name: self._identity(name) for name in names}

    def keep(self, name: str, identity: Identity) -> None:
        """Write an identity; the key first, so that no certificate is ever without one."""
        self.write(f"{name}{KEY}", identity.key)
        self.write(f"{name}{CERTIFICATE}", identity.certificate)

    def note(self, name: str) -> str:
        """What `write` kept under that name, empty when nothing."""
        file = self.path / name
        return file.read_text(encoding="utf-8").strip() if file.exists() else ""

    def write(self, name: str, text: str) -> Path:
        """Write a file that its owner alone may read, whole or not at all."""
        return write_private(self.path / name, text)

    def _identity(self, name: str) -> Identity:
        try:
            certificate = (self.path / f"{name}{CERTIFICATE}").read_text(encoding="utf-8")
            return Identity(certificate, (self.path / f"{name}{KEY}").read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"{error.filename}: cannot be read: {error.strerror}") from None


def write_private(path: Path, text: str) -> Path:
    """Write a file with mode 0600, whole or not at all. Raises InputError when it cannot be written."""
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
