"""A login as the command line of psql or mysql and as a URL.

The password of a command line is in the environment or a private file, never an argument.
"""

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
class Login:
    """A database with the user that logs in to it; `read_only` transactions are the default of its sessions."""

    database: Database
    credentials: Credentials
    encryption: Encryption
    read_only: bool = False

    @property
    def by_host(self) -> Login:
        """The login for programs without libpq's `hostaddr`, which connect to the host that they are given.

        Through a tunnel that is its near end, and the certificate is verified without its name.
        """
        database, encryption = self.database, self.encryption
        if not database.address:
            return self
        if encryption.mode == "verify-full":
            encryption = replace(encryption, mode="verify-ca")
        return replace(self, database=replace(database, host=database.address), encryption=encryption)


@dataclass(frozen=True, slots=True)
class Client:
    """A program with its arguments and environment; `options` is the text of its option file, if it needs one."""

    program: str
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: str = field(default="", repr=False)


def client(login: Login, program: str = "mysql") -> Client:
    """The command line of psql, or for MySQL of `program`: mysql or mariadb.

    Through a tunnel libpq connects to `PGHOSTADDR` and verifies the certificate by the real host in `PGHOST`.
    """
    return _mysql(login.by_host, program) if login.database.engine == "mysql" else _psql(login)


def url(login: Login, *, password: bool = False, for_go: bool = False) -> str:
    """The connection URL, by default without the password; `for_go` in the words of Go's driver of MySQL."""
    login = login.by_host
    database, credentials = login.database, login.credentials
    user = quote(credentials.user, safe="")
    secret = f":{quote(credentials.password, safe='')}" if password else ""
    host = f"[{database.host}]" if ":" in database.host else database.host
    query = _go_query(login) if for_go and database.engine == "mysql" else _query(login)
    return f"{database.engine}://{user}{secret}@{host}:{database.port}/{quote(database.name, safe='')}?{query}"


def shell_line(found: Client, *, password: bool = False) -> str:
    """The command as typed into a shell, by default without the password."""
    settings = {
        name: value for name, value in found.environment.items() if password or name not in {"PGPASSWORD", "MYSQL_PWD"}
    }
    words = [f"{name}={shlex.quote(value)}" for name, value in settings.items()]
    return " ".join([*words, found.program, *map(shlex.quote, found.arguments)])


def _psql(login: Login) -> Client:
    database, credentials, encryption = login.database, login.credentials, login.encryption
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
    if login.read_only:
        settings["PGOPTIONS"] = READ_ONLY
    return Client("psql", environment=settings)


def _mysql(login: Login, program: str) -> Client:
    database, credentials, encryption = login.database, login.credentials, login.encryption
    # In an option file, as the manual of MySQL advises: the variable MYSQL_PWD is deprecated.
    secret = credentials.password.replace("\\", "\\\\")
    arguments = [
        # The server takes a token as a password in clear text, inside of TLS.
        *["--enable-cleartext-plugin"] * credentials.token,
        *["--init-command=set session transaction read only"] * login.read_only,
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


def _go_query(login: Login) -> str:
    # github.com/go-sql-driver/mysql takes every word that it does not know for a variable of the session, and can
    # verify either with the name or not at all.
    settings = {"tls": "true" if login.encryption.mode == "verify-full" else "skip-verify"}
    return urlencode(settings | ({"allowCleartextPasswords": "true"} if login.credentials.token else {}))


def _query(login: Login) -> str:
    encryption = login.encryption
    if login.database.engine == "mysql":
        settings = {"ssl-mode": _MYSQL_MODES.get(encryption.mode, "REQUIRED")}
        return urlencode(settings | ({"ssl-ca": encryption.bundle} if encryption.bundle else {}), safe="/")
    # `safe`, so that the path of a bundle stays readable.
    settings = {"sslmode": encryption.mode} | ({"sslrootcert": encryption.bundle} if encryption.bundle else {})
    # %20, not +: drivers that decode the query as a path leave the plus sign.
    return urlencode(settings | ({"options": READ_ONLY} if login.read_only else {}), safe="/", quote_via=quote)
