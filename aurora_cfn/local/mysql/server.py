"""One MySQL or MariaDB server and its data. It listens on a socket in a private folder, on no network at all."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aurora_cfn.local.mysql.binaries import environment, root
from aurora_cfn.local.mysql.options import arguments
from aurora_cfn.local.mysql.secret import native_hash, password
from aurora_cfn.local.servers.owner import Owner
from aurora_cfn.local.servers.processes import end, runs_as, started, wait_until_ready
from aurora_cfn.local.servers.program import Program

ADMINISTRATOR = "rdsadmin"
END_SIGNAL = signal.SIGTERM
"""MySQL and MariaDB ignore SIGINT (MySQL 8.0 manual, "Unix Signal Handling in MySQL")."""
START_SECONDS = 60.0
SOCKET = "mysql.sock"
SCRIPTS = ("mysql_system_tables", "mysql_performance_tables", "mysql_system_tables_data", "maria_add_gis_sp_bootstrap",
           "mysql_sys_schema")  # fmt: skip
"""What mariadb-install-db sends to the server, in its order (MariaDB 10.11); help texts are left out."""
EVERYTHING = 18446744073709551615
"""All privileges in mysql.global_priv: every bit of 64."""


@dataclass(frozen=True, slots=True)
class MysqlServer:
    """A server by its folders; `certificate` is the file with the key and certificate that it shows to the front."""

    folder: Path
    sockets: Path
    binaries: Program
    owner: Owner
    secret: str = field(repr=False)
    certificate: Path = Path()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server wrote: its error log."""
        return self.folder / "log"

    @property
    def socket(self) -> Path:
        """The socket that only this machine's user reaches."""
        return self.sockets / SOCKET

    @property
    def password(self) -> str:
        """The administrator's password; no user of this server has none."""
        return password(self.secret, ADMINISTRATOR)

    @property
    def token_password(self) -> str:
        """The password with which the front logs in users whose IAM token it has checked."""
        return password(self.secret, "tokens")

    def initialise(self, place: Path) -> None:
        if self.binaries.is_mariadb:
            self._bootstrap(place)
        else:
            self._initialise_mysql(place)

    def _bootstrap(self, place: Path) -> None:
        """MariaDB: the scripts of mariadb-install-db, without its users that need no password."""
        share = self._share()
        self.owner.folder(place)
        self.owner.folder(place / "mysql")
        texts = [(share / f"{name}.sql").read_bytes() for name in SCRIPTS]
        admin = {
            "access": EVERYTHING, "plugin": "mysql_native_password",
            "authentication_string": native_hash(self.password),
        }  # fmt: skip
        users = (
            # mariadb.sys is locked, and owns the views that the server itself needs.
            "DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';\nDELETE FROM mysql.db;\n"
            f"INSERT INTO mysql.global_priv VALUES ('localhost', '{ADMINISTRATOR}', '{json.dumps(admin)}');\n"
        )
        begin = b"USE mysql;\nSET @auth_root_socket=NULL, @skip_auth_anonymous=1;\n"
        options = ["--bootstrap", f"--datadir={place}", "--innodb-log-file-size=4M", "--skip-log-bin",
                   "--innodb-data-file-path=ibdata1:4M:autoextend", "--debug-no-sync",
                   "--max-allowed-packet=8M"]  # fmt: skip
        self._run(options, begin + b"\n".join(texts) + b"\n" + users.encode())

    def _initialise_mysql(self, place: Path) -> None:
        """MySQL: its own initialisation, with a first script that leaves one user with a password."""
        script = self.folder / "first.sql"
        self.owner.write(
            script,
            f"CREATE USER '{ADMINISTRATOR}'@'localhost' IDENTIFIED BY '{self.password}';\n"
            f"GRANT ALL ON *.* TO '{ADMINISTRATOR}'@'localhost' WITH GRANT OPTION;\nDROP USER 'root'@'localhost';\n",
        )
        self._run(["--initialize-insecure", f"--datadir={place}", f"--init-file={script}"])
        script.unlink()

    def start(self) -> None:
        if self.pid():
            return
        if not self.binaries.executable.exists():
            raise OSError("the MySQL or MariaDB that made these data is not on this machine any more: install it again")
        self.owner.folder(self.sockets)
        self.socket.unlink(missing_ok=True)
        (self.folder / "pid").unlink(missing_ok=True)
        self.owner.write(self.folder / "tls.pem", self.certificate.read_text())
        options = arguments(self.folder, self.data, self.socket, self.chosen(), is_mariadb=self.binaries.is_mariadb)
        name, _, *rest = self._program()
        process = started([name, *options, *rest], self.folder, environment(self.binaries.executable), self.owner)
        wait_until_ready(process, self.binaries.title, self._answers, seconds=START_SECONDS, log=self.log)

    def _answers(self) -> bool:
        if not self.pid():
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            try:
                probe.connect(str(self.socket))
                return len(probe.recv(5)) == 5  # a server that is ready greets first
            except OSError:
                return False

    def stop(self) -> None:
        pid = self.pid()
        if pid is not None:
            end(pid, END_SIGNAL)

    def pid(self) -> int | None:
        return running_pid(self.folder)

    def configure(self, options: Mapping[str, str]) -> None:
        """Keep the options of a parameter group for the next start."""
        self.owner.write(self.folder / "options.json", json.dumps(dict(options)))

    def chosen(self) -> dict[str, str]:
        """The options kept by `configure`."""
        try:
            return dict(json.loads((self.folder / "options.json").read_text()))
        except (OSError, ValueError):
            return {}

    def _program(self) -> Iterator[str]:
        """The program with the options for the folders of its own files, which may be unpacked anywhere."""
        yield str(self.binaries.executable)
        yield "--no-defaults"
        yield f"--basedir={root(self.binaries.executable)}"
        if self.binaries.is_mariadb:
            yield f"--lc-messages-dir={self._share()}"

    def _share(self) -> Path:
        folders = [root(self.binaries.executable) / "share" / name for name in ("mysql", "mariadb", "")]
        return next((each for each in folders if (each / "mysql_system_tables.sql").exists()), folders[0])

    def _run(self, options: list[str], given: bytes = b"") -> None:
        """Run the program, which ends by itself, with `given` as its input."""
        self.owner.run([*self._program(), *options], self.folder, environment(self.binaries.executable), given)


def running_pid(folder: Path) -> int | None:
    """The process that serves the data in a server's folder, as its pid file says and the process itself confirms."""
    try:
        pid = int((folder / "pid").read_text())
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid if runs_as(f"--datadir={folder / 'data'}", pid) else None
