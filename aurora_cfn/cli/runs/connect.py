"""What `connect` does: start psql or mysql with its login, or print the login for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import click

from aurora_cfn.cli.database_options import LoginOptions
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_client import found_program, mysql_program, start
from aurora_cfn.cli.runs.database_login import logged_in, login_of, login_text, refuse_to_wake, warn_unverified
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.errors import InputError
from aurora_cfn.model.rows import Database
from aurora_cfn.sql.client import Client, Login, client, shell_line, url

INSTALL = {
    "pgcli": "install it (pipx install pgcli, brew install pgcli)",
    "psql": "install it (apt install postgresql-client, brew install libpq)",
    "mysql": "install it (apt install default-mysql-client, brew install mysql-client)",
    "mariadb": "install it (apt install mariadb-client, brew install mariadb)",
}


def connect(env: str, aws: AwsOptions, options: LoginOptions, arguments: Sequence[str], program: str) -> int:
    """The exit code of the client, which ran with `arguments` of its own on the database of the environment.

    It is `program` (psql or pgcli), or for MySQL mysql or mariadb. Raises InputError: wrong params, or a program is
    missing. DeclinedError: it is paused, with `no_wake`. AwsError: AWS refused or cannot be reached.
    """
    access = DatabaseAccess.of(env, aws)
    with logged_in(access, options, lambda row: _check(access, options, row, program)) as login:
        wanted = _client(login, program)
        write_stderr(f"{login.database.name} as {login_text(login)}")
        warn_unverified(access, login)
        return start(found_program(wanted.program, ""), wanted, arguments)


def print_login(env: str, aws: AwsOptions, options: LoginOptions, program: str = "", *, password: bool) -> None:
    """Print the URL of the database, and before it the shell's command for a `program`. Raises as `connect` does."""
    access = DatabaseAccess.of(env, aws)
    login = login_of(access, options)
    # The password is part of the product here, when it is asked for; write_stdout would mask it.
    if program:
        click.echo(shell_line(_client(login, program), password=password))
    click.echo(url(login, password=password))


def _program(database: Database, wanted: str) -> str:
    if database.engine == "mysql" and wanted != "psql":
        raise InputError(f"{wanted} is a client of PostgreSQL, and {database.stack} has MySQL: leave --program out")
    return mysql_program() if database.engine == "mysql" else wanted


def _client(login: Login, program: str) -> Client:
    name = _program(login.database, program)
    # pgcli reads the same variables as psql.
    return replace(client(login, name), program=name)


def _check(access: DatabaseAccess, options: LoginOptions, database: Database, program: str) -> None:
    """Raise InputError if the program is not installed, and DeclinedError with --no-wake for a paused database."""
    name = _program(database, program)
    found_program(name, f"{INSTALL[name]}, or use: aurora-cfn sql --env {access.target.environment.name}")
    refuse_to_wake(access, options, database)
