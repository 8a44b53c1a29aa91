"""Command lines of psql and mysql; the password is in the environment or a private file, never an argument."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from aurora_cfn.model.rows import Credentials, Database

CONNECT_SECONDS = 60
"""Connection timeout: a paused cluster takes 15 s to resume, 30 s or more after a day (Aurora user guide)."""
READ_ONLY = "-c default_transaction_read_only=on"
MARIADB = "mariadb"
"""The client program of MariaDB; it has other options for TLS, and is often called `mysql`, too."""
_MYSQL_MODES = {"require": "REQUIRED", "verify-ca": "VERIFY_CA", "verify-full": "VERIFY_IDENTITY"}


@dataclass(frozen=True, slots=True)
class Encryption:
    """TLS of the connection: `mode` is libpq's sslmode, `bundle` a file with the certificates of RDS."""

    mode: str = "require"
    bundle: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """A program with its arguments and environment; `options` is the text of its option file, if it needs one."""

    program: str
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: str = field(default="", repr=False)


def client(
    database: Database,
    credentials: Credentials,
    encryption: Encryption,
    *,
    program: str = "mysql",
    read_only: bool = False,
) -> Client:
    """The command line of psql, or for MySQL of `program`: mysql or mariadb.

    Through a tunnel libpq connects to `PGHOSTADDR` and verifies the certificate by the real host in `PGHOST`.
    `read_only` transactions are only a default of the session.
    """
    if database.engine != "mysql":
        return _psql(database, credentials, encryption, read_only=read_only)
    if database.address:
        database, encryption = replace(database, host=database.address), without_name(encryption)
    found = _mysql(database, credentials, encryption, program)
    # The server takes a token as a password in clear text, inside of TLS.
    token = ("--enable-cleartext-plugin",) if credentials.token else ()
    guard = ("--init-command=set session transaction read only",) if read_only else ()
    return replace(found, arguments=(*token, *guard, *found.arguments))


def url(
    database: Database,
    credentials: Credentials,
    encryption: Encryption,
    *,
    password: bool = False,
    read_only: bool = False,
    for_go: bool = False,
) -> str:
    """The connection URL, by default without the password; `for_go` in the words of Go's driver of MySQL.

    Through a tunnel it holds the tunnel's near end, since few drivers know libpq's `hostaddr`; the certificate is then
    verified without its name.
    """
    if database.address:
        database, encryption = replace(database, host=database.address), without_name(encryption)
    user = quote(credentials.user, safe="")
    secret = f":{quote(credentials.password, safe='')}" if password else ""
    host = f"[{database.host}]" if ":" in database.host else database.host
    query = (
        _go_query(credentials, encryption)
        if for_go and database.engine == "mysql"
        else _query(database, encryption, read_only=read_only)
    )
    return f"{database.engine}://{user}{secret}@{host}:{database.port}/{quote(database.name, safe='')}?{query}"


def without_name(encryption: Encryption) -> Encryption:
    """The same for a connection to an address that is not the name in the certificate."""
    return replace(encryption, mode="verify-ca") if encryption.mode == "verify-full" else encryption


def shell_line(found: Client, *, password: bool = False) -> str:
    """The command as typed into a shell, by default without the password."""
    settings = {
        name: value for name, value in found.environment.items() if password or name not in {"PGPASSWORD", "MYSQL_PWD"}
    }
    words = [f"{name}={shlex.quote(value)}" for name, value in settings.items()]
    return " ".join([*words, found.program, *map(shlex.quote, found.arguments)])


def _psql(database: Database, credentials: Credentials, encryption: Encryption, *, read_only: bool) -> Client:
    settings = {
        "PGHOST": database.host,
        "PGPORT": str(database.port),
        "PGDATABASE": database.name,
        "PGUSER": credentials.user,
        "PGPASSWORD": credentials.password,
        "PGSSLMODE": encryption.mode,
        "PGCONNECT_TIMEOUT": str(CONNECT_SECONDS),
    }
    if database.address:
        settings["PGHOSTADDR"] = database.address
    if encryption.bundle:
        settings["PGSSLROOTCERT"] = encryption.bundle
    if read_only:
        settings["PGOPTIONS"] = READ_ONLY
    return Client("psql", environment=settings)


def _mysql(database: Database, credentials: Credentials, encryption: Encryption, program: str) -> Client:
    # In an option file, as the manual of MySQL advises: the variable MYSQL_PWD is deprecated.
    secret = credentials.password.replace("\\", "\\\\")
    arguments = [
        f"--host={database.host}", f"--port={database.port}", f"--user={credentials.user}",
        f"--connect-timeout={CONNECT_SECONDS}", *_tls(encryption, program),
    ]  # fmt: skip
    if encryption.bundle:
        arguments.append(f"--ssl-ca={encryption.bundle}")
    return Client(program, (*arguments, database.name), options=f'[client]\npassword="{secret}"\n')


def _tls(encryption: Encryption, program: str) -> tuple[str, ...]:
    """The mode; MariaDB's client only verifies the server or does not, and always its name with it."""
    if program != MARIADB:
        return (f"--ssl-mode={_MYSQL_MODES.get(encryption.mode, 'REQUIRED')}",)
    return ("--ssl", "--ssl-verify-server-cert") if encryption.mode == "verify-full" else ("--ssl",)


def _go_query(credentials: Credentials, encryption: Encryption) -> str:
    # github.com/go-sql-driver/mysql takes every word that it does not know for a variable of the session, and can
    # verify either with the name or not at all.
    settings = {"tls": "true" if encryption.mode == "verify-full" else "skip-verify"}
    return urlencode(settings | ({"allowCleartextPasswords": "true"} if credentials.token else {}))


def _query(database: Database, encryption: Encryption, *, read_only: bool) -> str:
    if database.engine == "mysql":
        settings = {"ssl-mode": _MYSQL_MODES.get(encryption.mode, "REQUIRED")}
        return urlencode(settings | ({"ssl-ca": encryption.bundle} if encryption.bundle else {}), safe="/")
    # `safe`, so that the path of a bundle stays readable.
    settings = {"sslmode": encryption.mode} | ({"sslrootcert": encryption.bundle} if encryption.bundle else {})
    # %20, not +: drivers that decode the query as a path leave the plus sign.
    return urlencode(settings | ({"options": READ_ONLY} if read_only else {}), safe="/", quote_via=quote)
