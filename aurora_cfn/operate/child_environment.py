"""The environment variables with which a program finds the database and logs in to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import quote, urlencode

from aurora_cfn.errors import InputError
from aurora_cfn.sql.client import CONNECT_SECONDS, READ_ONLY, Login, client, url

FORMS = ("libpq", "url", "go", "jdbc", "dataapi")
"""The variables that programs read: those of libpq or of MySQL, DATABASE_URL, the same for Go's driver of MySQL, JDBC
URLs, the ARNs for the Data API."""
DEFAULT_FORMS = ("libpq", "url")


def child_environment(login: Login, forms: Collection[str], file: str = "") -> dict[str, str]:
    """The variables of those forms; with `file`, the path of a password file, none of them holds the password.

    Raises InputError for a form that the database does not have.
    """
    found: dict[str, str] = {}
    for form in FORMS:
        if form in forms:
            found |= _MAKERS[form](login)
    if file:
        found.pop("PGPASSWORD", None)
        found["PGPASSFILE"] = file
    # libpq reads the password file for a URL without a password too.
    if file and "DATABASE_URL" in found:
        found["DATABASE_URL"] = url(login)
    return found


def password_line(login: Login) -> str:
    """The line of a password file of libpq (PGPASSFILE) for exactly this login."""
    database = login.database
    fields = (database.host, str(database.port), database.name, login.credentials.user, login.credentials.password)
    # Colons separate the fields, and tokens hold some.
    return ":".join(field.replace("\\", "\\\\").replace(":", "\\:") for field in fields) + "\n"


def _native(login: Login) -> Mapping[str, str]:
    database, credentials = login.database, login.credentials
    if database.engine == "postgresql":
        return client(login).environment
    if login.read_only:
        raise InputError("MySQL has no variable for read-only sessions: log in as a role that may only read (--role)")
    host, port = database.address or database.host, str(database.port)
    settings = {
        # The client library reads the first three; the others are what applications read.
        "MYSQL_HOST": host, "MYSQL_TCP_PORT": port, "MYSQL_PWD": credentials.password, "MYSQL_PORT": port,
        "MYSQL_USER": credentials.user, "MYSQL_PASSWORD": credentials.password, "MYSQL_DATABASE": database.name,
    }  # fmt: skip
    return settings | ({"LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN": "1"} if credentials.token else {})


def _url(login: Login) -> Mapping[str, str]:
    # DBMATE_WAIT_TIMEOUT: its default of 60 s may end before a paused database is awake.
    return {"DATABASE_URL": url(login, password=True), "DBMATE_WAIT_TIMEOUT": f"{2 * CONNECT_SECONDS}s"}


def _go(login: Login) -> Mapping[str, str]:
    found = {**_url(login), "DATABASE_URL": url(login, password=True, for_go=True)}
    # The only place for a certificate authority that Go's driver of MySQL has: its URL names none.
    verified = login.database.engine == "mysql" and login.encryption.bundle
    return found | ({"SSL_CERT_FILE": login.encryption.bundle} if verified else {})


def _jdbc(login: Login) -> Mapping[str, str]:
    if login.database.engine == "mysql":
        raise InputError("--as jdbc: the JDBC driver of MySQL reads certificates from a Java key store only")
    database, encryption = login.by_host.database, login.by_host.encryption
    query = {"sslmode": encryption.mode} | ({"sslrootcert": encryption.bundle} if encryption.bundle else {})
    query |= {"options": READ_ONLY} if login.read_only else {}
    place = f"{database.host}:{database.port}/{quote(database.name, safe='')}"
    found = f"jdbc:postgresql://{place}?{urlencode(query, safe='/', quote_via=quote)}"
    user, password = login.credentials.user, login.credentials.password
    return {
        "FLYWAY_URL": found, "FLYWAY_USER": user, "FLYWAY_PASSWORD": password,
        "LIQUIBASE_COMMAND_URL": found, "LIQUIBASE_COMMAND_USERNAME": user, "LIQUIBASE_COMMAND_PASSWORD": password,
    }  # fmt: skip


def _data_api(login: Login) -> Mapping[str, str]:
    database = login.database
    if not database.has_data_api:
        raise InputError(f"--as dataapi: {database.resource or 'the database'} of {database.stack} has no Data API")
    return {"RESOURCE_ARN": database.cluster_arn, "SECRET_ARN": database.secret_arn, "DATABASE": database.name}


_MAKERS = {"libpq": _native, "url": _url, "go": _go, "jdbc": _jdbc, "dataapi": _data_api}
