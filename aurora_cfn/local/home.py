"""Where the emulator keeps its state, logs and data: one folder for each project, the user's own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aurora_cfn.errors import Complaint, InputError

HOME_VARIABLE = "AURORA_CFN_HOME"


class _Inside:
    """A path inside of a home."""

    def __init__(self, *parts: str) -> None:
        self._parts = parts

    def __get__(self, home: Home, _owner: type[Home]) -> Path:
        return home.path.joinpath(*self._parts)


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one emulator; two homes are two emulators, independent of each other."""

    path: Path

    record = _Inside("server.json")
    """The file in which a running server writes its address."""
    alive = _Inside("server.lock")
    """Locked by the server for as long as it lives: a record without this lock is stale, even if its pid exists."""
    starting = _Inside("start.lock")
    """Locked by the command that starts or stops the server."""
    keys = _Inside("keys.json")
    """The access key that the emulator accepts; a reset keeps it, so that written profiles continue working."""
    log = _Inside("server.log")
    """What the server wrote, both streams."""
    state = _Inside("state")
    """One JSON file a service."""
    objects = _Inside("s3")
    """S3 objects."""
    postgres = _Inside("postgres")
    """The register of database servers, and their data where it can live here."""
    authority = _Inside("postgres", "ca.pem")
    """The certificate of the authority that signed what databases show; made when the server starts."""
    temporary = _Inside("tmp")
    """Unpacked Lambda code and the like; emptied at every start."""
    tunnels = _Inside("tunnels")
    """Records, locks and logs of the tunnels in the background, which lead to databases in AWS; no secrets."""

    def make(self) -> None:
        """Create the folder, readable by its owner alone: it holds passwords. Raises InputError if it cannot."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.path.chmod(0o700)
        except OSError as error:
            what = f"the emulator's folder cannot be made: {error.strerror}"
            hint = f"set {HOME_VARIABLE} to a folder that can be written"
            raise InputError((Complaint(what, str(self.path), hint=hint),)) from None


def home_from(environ: Mapping[str, str], folder: Path | None = None) -> Home:
    """`AURORA_CFN_HOME`, or a folder of its own for the project in `folder` (the current one), always absolute.

    Two projects with environments of the same names thus never share stacks or databases. It is in the user's state
    folder and not in the cache, which may be emptied at any time.
    """
    chosen = environ.get(HOME_VARIABLE)
    if chosen:
        return Home(Path(chosen).expanduser().absolute())
    from platformdirs import user_state_path

    place = user_state_path("aurora-cfn", appauthor=False).absolute() / "local"
    here = (folder or Path.cwd()).resolve()
    # The project's own folder has params/: this one or the nearest above it, else this one.
    project = next((each for each in (here, *here.parents) if (each / "params").is_dir()), here)
    return Home(place / _project_folder(project))


def _project_folder(project: Path) -> str:
    """`shop-1a2b3c4d`: readable, and different for two folders of the same name."""
    # 40 characters: sockets live below this folder, and the kernel allows about 100 bytes for their path.
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", project.name)[:40].strip("-.") or "project"
    return f"{name}-{hashlib.sha256(str(project).encode()).hexdigest()[:8]}"
