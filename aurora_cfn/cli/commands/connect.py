"""`aurora-cfn connect`: start psql (or mysql) on the database of an environment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.database_options import LoginOptions, login_options
from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option

if TYPE_CHECKING:
    from aurora_cfn.model.rows import Database
    from aurora_cfn.operate.child_environment import Login
    from aurora_cfn.sql.client import Client

INSTALL = {
    "psql": "install it (apt install postgresql-client, brew install libpq)",
    "mysql": "install it (apt install default-mysql-client, brew install mysql-client)",
    "mariadb": "install it (apt install mariadb-client, brew install mariadb)",
}


@click.command(context_settings={"ignore_unknown_options": False})
@environment_option
@login_options
@click.option("--host", metavar="HOST", help="Host to connect to instead, such as the local end of a tunnel.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to connect to, with --host.")
@click.option("--print", "only_print", is_flag=True, help="Start nothing; print the command and the URL.")
@click.option("--url", "only_url", is_flag=True, help="Start nothing; print the URL alone, for other programs.")
@click.option("--show-password", is_flag=True, help="With --print or --url: the password too.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- ARGUMENT...]")
@aws_options
@click.pass_context
def command(
    ctx: click.Context, env: str, login: LoginOptions, host: str | None, port: int | None,
    only_print: bool, only_url: bool, show_password: bool, arguments: tuple[str, ...], aws: AwsOptions,
) -> None:  # fmt: skip
    """Start psql on the database of an environment (mysql or mariadb on a MySQL cluster).

    User and password come from the secret of the stack; they are never part of a command line. With --role, and on an
    Aurora DSQL cluster, an IAM token takes the place of the password. The connection is
    encrypted. The server is verified too where its certificates are found: --ca-bundle, PGSSLROOTCERT, or
    ~/.aws/rds-global-bundle.pem (in China rds-aws-cn-bundle.pem, in GovCloud rds-aws-us-gov-bundle.pem).

    --via ssm:TARGET opens a tunnel through Session Manager for as long as psql runs; the server is verified with its
    real name. A paused database is resumed by the connection.

    Exit codes: those of psql or mysql; 2 wrong usage, 3 wrong params, or psql or the Session Manager plugin is missing,
    4 AWS refused or cannot be reached.

    \b
    Examples:
      aurora-cfn connect --env local
      aurora-cfn connect --env dev -- --csv -c "select * from orders"
      aurora-cfn connect --env dev --url
      aurora-cfn connect --env production --role reporter --read-only --reader
      aurora-cfn connect --env production --via ssm:i-0123456789abcdef0
      aurora-cfn connect --env dev --host localhost --port 15432
    """
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.database_client import found_program, start
    from aurora_cfn.cli.runs.database_login import logged_in, login_of, warn_unverified

    prints = only_print or only_url
    if show_password and not prints:
        raise click.UsageError("--show-password goes with --print or --url")
    if login.target and (prints or host or port):
        raise click.UsageError("--via ssm opens a tunnel for psql alone: aurora-cfn tunnel keeps one open")
    options = replace(login, host=host, port=port)
    with DatabaseAccess(env, aws, max_wait=0) as access:
        if prints:
            _print(login_of(access, options), with_command=only_print, password=show_password)
            return
        with logged_in(access, options, lambda row: _needed(_program(row), env)) as found:
            wanted = _client(found)
            database = found.database
            click.echo(f"{database.name} at {database.host}:{database.port}, sslmode={found.encryption.mode}", err=True)
            warn_unverified(access, found)
            ctx.exit(start(found_program(wanted.program, ""), wanted, arguments))


def _program(database: Database) -> str:
    from aurora_cfn.cli.runs.database_client import mysql_program

    return mysql_program() if database.engine == "mysql" else "psql"


def _client(login: Login) -> Client:
    from aurora_cfn.sql.client import client

    given = (login.database, login.credentials, login.encryption)
    return client(*given, program=_program(login.database), read_only=login.read_only)


def _needed(name: str, env: str) -> None:
    """Raise InputError if the program is not installed, before a tunnel is opened for it."""
    from aurora_cfn.cli.runs.database_client import found_program

    found_program(name, f"{INSTALL[name]}, or use: aurora-cfn sql --env {env}")


def _print(login: Login, *, with_command: bool, password: bool) -> None:
    from aurora_cfn.sql.client import shell_line, url

    if with_command:
        click.echo(shell_line(_client(login), password=password))
    click.echo(url(login.database, login.credentials, login.encryption, password=password, read_only=login.read_only))
