"""One PostgreSQL server process and its data. It listens on a socket in a private folder, on no network at all."""

from __future__ import annotations

import json
import os
import pwd
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aurora_cfn.local.postgres.installation import PRELOADED, preloads
from aurora_cfn.local.postgres.parameters import FILE
from aurora_cfn.local.record import read_json
from aurora_cfn.local.servers.folders import SOCKET
from aurora_cfn.local.servers.owner import Owner
from aurora_cfn.local.servers.processes import end, runs_as, started, wait_until_ready
from aurora_cfn.local.servers.program import Program
from aurora_cfn.sqltext.quoting import identifier

ADMINISTRATOR = "rdsadmin"
END_SIGNAL = signal.SIGINT
"""The fast shutdown, which ends sessions; after SIGTERM PostgreSQL waits for its clients (manual, "Shutting Down the
Server")."""
START_SECONDS = 30.0
# PostgreSQL does not say when it has read its files again after SIGHUP.
RELOAD_SECONDS = 0.1
SETTINGS = {
    "listen_addresses": "",  # clients reach the front, and the front the socket
    "shared_buffers": "16MB",  # many servers run at once on a laptop
    "max_connections": "200",
    "fsync": "off",  # the machine's own crash is not what this database has to survive
    "full_page_writes": "off",
    "jit": "off",
    "log_min_messages": "warning",
    "log_line_prefix": "%t:%r:%u@%d:[%p]:",  # as in RDS, so that tools that read its logs read these
    "password_encryption": "scram-sha-256",
}
TOKEN_USERS = "token_users"
"""File with the users whose IAM token the front has checked; PostgreSQL lets the front in as them."""
RULES = f"""\
local all {ADMINISTRATOR} peer map=emulator
local all @{TOKEN_USERS} peer map=emulator
local all all scram-sha-256
"""
"""`pg_hba.conf`. No `trust`: `peer` makes the kernel name the user of the process at the other end of the socket, and
only the emulator's own (root, or the person who runs it) is mapped to the engine's superuser."""
PLACEHOLDER = "rds_iam_placeholder"
"""A file of users must not be empty; no role has this name."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server by its folders; any number of these objects may stand for the same one."""

    folder: Path
    sockets: Path
    binaries: Program
    owner: Owner

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The log of the server."""
        return self.folder / "log"

    @property
    def socket(self) -> Path:
        """The socket that clients of this machine's user connect to."""
        return self.sockets / SOCKET

    def initialise(self, place: Path) -> None:
        command = [str(self.binaries.folder / "initdb"), "-D", str(place), "-U", ADMINISTRATOR, "-A", "peer"]
        # Small and quick: nothing is flushed, and a segment of the log has 1 MB in place of 16.
        options = ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions", "--wal-segsize=1"]
        self.owner.run([*command, *options], self.folder, _environment())

    def start(self) -> None:
        if self.pid():
            return
        if not self.binaries.executable.exists():
            major = self.binaries.major
            raise OSError(
                f"PostgreSQL {major}, which made these data, is not on this machine any more: install it again"
            )
        self.owner.folder(self.sockets)
        self.socket.unlink(missing_ok=True)
        # Left by a kill: PostgreSQL would refuse to start if another process has that number now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self._write_users([])  # tokens of an earlier run have ended
        self.owner.write(self.data / "pg_hba.conf", RULES)
        # The group first: what this server needs to run here wins.
        settings = {"timezone": "UTC"} | self.chosen() | SETTINGS | {"unix_socket_directories": str(self.sockets)}
        if preloads(self.binaries):
            settings["shared_preload_libraries"] = PRELOADED
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self.binaries.executable), "-D", str(self.data), *arguments]
        process = started(command, self.folder, _environment(), self.owner)
        wait_until_ready(process, "postgres", self._is_ready, seconds=START_SECONDS, log=self.log)

    def _is_ready(self) -> bool:
        pid_file = self.data / "postmaster.pid"
        return pid_file.exists() and "ready" in pid_file.read_text()

    def stop(self) -> None:
        pid = self.pid()
        if pid is not None:
            end(pid, END_SIGNAL)

    def pid(self) -> int | None:
        return running_pid(self.data)

    def configure(self, settings: Mapping[str, str]) -> None:
        """Keep the settings of a parameter group for the next start."""
        self.owner.write(self.folder / FILE, json.dumps(dict(settings)))

    def chosen(self) -> dict[str, str]:
        """The settings kept by `configure`."""
        return {str(name): str(value) for name, value in (read_json(self.folder / FILE) or {}).items()}

    def trust_token(self, user: str, *, trusted: bool) -> None:
        """Let a user in whose IAM token the front has checked, or ask for the password again."""
        name = identifier(user)
        users = (self.data / TOKEN_USERS).read_text().splitlines()
        if (name in users) is trusted:
            return
        self._write_users([*users, name] if trusted else [each for each in users if each != name])
        pid = self.pid()
        if pid:
            os.kill(pid, signal.SIGHUP)
            time.sleep(RELOAD_SECONDS)

    def _write_users(self, names: Sequence[str]) -> None:
        kept = [each for each in names if each != PLACEHOLDER]
        me = identifier(pwd.getpwuid(os.geteuid()).pw_name)
        people = "".join(f"emulator {me} {each}\n" for each in (ADMINISTRATOR, *kept))
        self.owner.write(self.data / "pg_ident.conf", people)
        self.owner.write(self.data / TOKEN_USERS, "".join(f"{each}\n" for each in (PLACEHOLDER, *kept)))


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def running_pid(data: Path) -> int | None:
    """The process that serves a data folder, as its pid file says and the process itself confirms."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return None
    return pid if len(lines) > 1 and lines[1] == str(data) and runs_as("postgres", pid) else None
