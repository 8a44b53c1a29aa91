"""Start psql or mysql with a password that is not visible in the list of processes."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from aurora_cfn.cli.runs.child import run_child
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.errors import UNREACHABLE, AwsError, InputError
from aurora_cfn.facts.regions import partition
from aurora_cfn.model.rows import Database
from aurora_cfn.project.temporary_file import temporary_file
from aurora_cfn.sql.client import MARIADB, Client, Encryption

BUNDLE_PLACES = {"aws": ("~/.aws/rds-global-bundle.pem", "~/.aws/global-bundle.pem", "~/.postgresql/root.crt")}
"""Usual files with the certificates of RDS by partition; each partition has its own authorities."""
PROBE_SECONDS = 5.0
"""Seconds for a first connection: without a route to the database the client itself would wait for a minute."""


def found_program(name: str, advice: str) -> str:
    """Path of the program. Raises InputError with the advice if it is not installed."""
    path = shutil.which(name)
    if path is None:
        raise InputError(f"{name} is not on PATH; {advice}")
    return path


def mysql_program() -> str:
    """The client program of MySQL that is on PATH: `mariadb` where there is only that, or `mysql` is a name for it."""
    path = shutil.which("mysql")
    if path is None:
        return MARIADB if shutil.which(MARIADB) else "mysql"
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return MARIADB if "MariaDB" in said.stdout and shutil.which(MARIADB) else "mysql"


def certificate_places(target: Target, database: Database) -> tuple[str, ...]:
    """Files where the authority of that database's certificate may be."""
    if target.local:
        # The emulator's own; clients such as node-postgres refuse a server that they cannot verify.
        from aurora_cfn.local.home import home_from

        return (str(home_from(os.environ).authority),)
    # Certificates of DSQL are Amazon's public ones, which are not in the bundle of RDS.
    return _system_places() if database.signed else bundle_places(target.environment.region)


def _system_places() -> tuple[str, ...]:
    """Files with the public authorities, as distributions of Linux and macOS have them."""
    found = ssl.get_default_verify_paths().cafile
    usual = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
    return (found, *usual) if found else usual


def bundle_places(region: str) -> tuple[str, ...]:
    """Files where the certificates of RDS may be for that region."""
    return BUNDLE_PLACES.get(partition(region), (f"~/.aws/rds-{partition(region)}-bundle.pem",))


def encryption(given: Path | None, places: Sequence[str], *, elsewhere: bool) -> Encryption:
    """TLS settings: the server is verified if there is a bundle, but not its name if it is reached through a tunnel."""
    bundle = str(given or "") or os.environ.get("PGSSLROOTCERT", "")
    if not bundle:
        bundle = next((str(place) for place in map(Path.expanduser, map(Path, places)) if place.is_file()), "")
    # libpq's `require` encrypts and verifies nothing; a tunnel's end has another name than the certificate.
    mode = ("verify-ca" if elsewhere else "verify-full") if bundle else "require"
    return Encryption(os.environ.get("PGSSLMODE") or mode, bundle)


def check_reachable(host: str, port: int, advice: str) -> None:
    """Raise AwsError with the advice if no connection to that address can be opened."""
    try:
        socket.create_connection((host, port), PROBE_SECONDS).close()
    except OSError as error:
        reason = "the name is not known here" if isinstance(error, socket.gaierror) else _reason(error)
        raise AwsError(f"cannot reach {host}:{port} from here ({reason})\n  {advice}", code=UNREACHABLE) from error


def start(path: str, client: Client, arguments: Sequence[str]) -> int:
    """Run the program on this terminal until it ends; its exit code, as `run_child` gives it."""
    with _options_file(client.options) as options:
        return run_child([path, *options, *client.arguments, *arguments], client.environment)


def _reason(error: OSError) -> str:
    return "no answer" if isinstance(error, TimeoutError) else str(error.strerror or error).lower()


@contextmanager
def _options_file(text: str) -> Iterator[list[str]]:
    """The argument with the path of a temporary option file that only its owner can read."""
    if not text:
        yield []
        return
    with temporary_file(text, ".cnf") as name:
        yield [f"--defaults-extra-file={name}"]
