"""What `connect` does: start psql or mysql with its login, or print the login for other programs."""

from __future__ import annotations

from collections.abc import Sequence

import click

from aurora_cfn.cli.database_options import LoginOptions
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_client import found_program, mysql_program, start
from aurora_cfn.cli.runs.database_login import logged_in, login_of, warn_unverified
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.child_environment import Login
from aurora_cfn.sql.client import Client, client, shell_line, url

INSTALL = {
    "psql": "install it (apt install postgresql-client, brew install libpq)",
    "mysql": "install it (apt install default-mysql-client, brew install mysql-client)",
    "mariadb": "install it (apt install mariadb-client, brew install mariadb)",
}


def connect(env: str, aws: AwsOptions, options: LoginOptions, arguments: Sequence[str]) -> int:
    """The exit code of psql or mysql, which ran with `arguments` of its own on the database of the environment.

    Raises InputError: wrong params, or a program is missing. AwsError: AWS refused or cannot be reached.
    """
    with (
        DatabaseAccess.of(env, aws) as access,
        logged_in(access, options, lambda row: _needed(_program(row), env)) as login,
    ):
        wanted = _client(login)
        database = login.database
        write_stderr(f"{database.name} at {database.host}:{database.port}, sslmode={login.encryption.mode}")
        warn_unverified(access, login)
        return start(found_program(wanted.program, ""), wanted, arguments)


def print_login(env: str, aws: AwsOptions, options: LoginOptions, *, with_command: bool, password: bool) -> None:
    """Print the URL of the database, after the shell's command with `with_command`. Raises as `connect` does."""
    with DatabaseAccess.of(env, aws) as access:
        login = login_of(access, options)
        # The password is part of the product here, when it is asked for; write_stdout would mask it.
        if with_command:
            click.echo(shell_line(_client(login), password=password))
        click.echo(
            url(login.database, login.credentials, login.encryption, password=password, read_only=login.read_only)
        )


def _program(database: Database) -> str:
    return mysql_program() if database.engine == "mysql" else "psql"


def _client(login: Login) -> Client:
    given = (login.database, login.credentials, login.encryption)
    return client(*given, program=_program(login.database), read_only=login.read_only)


def _needed(name: str, env: str) -> None:
    """Raise InputError if the program is not installed, before a tunnel is opened for it."""
    found_program(name, f"{INSTALL[name]}, or use: aurora-cfn sql --env {env}")
