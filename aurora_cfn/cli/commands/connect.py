"""`aurora-cfn connect`: start psql (or mysql) on the database of an environment."""

from __future__ import annotations

from dataclasses import replace

import click

from aurora_cfn.cli.database_options import LoginOptions, login_options
from aurora_cfn.cli.options import AwsOptions, aws_options, client_option, environment_option


@click.command(context_settings={"ignore_unknown_options": False})
@environment_option
@login_options
@client_option
@click.option("--host", metavar="HOST", help="Host to connect to instead, such as the local end of a tunnel.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to connect to, with --host.")
@click.option("--program", type=click.Choice(["psql", "pgcli"]), default="psql", show_default=True, help="The client.")
@click.option("--print", "only_print", is_flag=True, help="Start nothing; print the command and the URL.")
@click.option("--url", "only_url", is_flag=True, help="Start nothing; print the URL alone, for other programs.")
@click.option("--show-password", is_flag=True, help="With --print or --url: the password too.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- ARGUMENT...]")
@aws_options
def command(
    env: str, login: LoginOptions, host: str | None, port: int | None, program: str,
    only_print: bool, only_url: bool, show_password: bool, arguments: tuple[str, ...], aws: AwsOptions,
) -> int:  # fmt: skip
    """Start psql or pgcli on the database of an environment (mysql or mariadb on a MySQL cluster).

    User and password come from the secret of the stack; they are never part of a command line. With --role, and on an
    Aurora DSQL cluster, an IAM token takes the place of the password. The connection is
    encrypted. The server is verified too where its certificates are found: --ca-bundle, PGSSLROOTCERT, or
    ~/.aws/rds-global-bundle.pem (in China rds-aws-cn-bundle.pem, in GovCloud rds-aws-us-gov-bundle.pem).

    --via ssm:TARGET opens a tunnel through Session Manager for as long as psql runs; the server is verified with its
    real name. A paused database is resumed by the connection, unless --no-wake refuses that.

    Exit codes: those of the client; 1 refused by --no-wake, 2 wrong usage, 3 wrong params, or the client or the Session
    Manager plugin is missing, 4 AWS refused or cannot be reached.

    \b
    Examples:
      aurora-cfn connect --env local
      aurora-cfn connect --env dev -- --csv -c "select * from orders"
      aurora-cfn connect --env dev --program pgcli
      aurora-cfn connect --env dev --url
      aurora-cfn connect --env production --role reporter --read-only --reader
      aurora-cfn connect --env production --via ssm:i-0123456789abcdef0
      aurora-cfn connect --env dev --host localhost --port 15432
    """
    prints = only_print or only_url
    if show_password and not prints:
        raise click.UsageError("--show-password goes with --print or --url")
    if login.target and (prints or host or port):
        raise click.UsageError("--via ssm opens a tunnel for psql alone: aurora-cfn tunnel keeps one open")

    from aurora_cfn.cli.runs.connect import connect, print_login

    options = replace(login, host=host, port=port)
    if not prints:
        return connect(env, aws, options, arguments, program)
    print_login(env, aws, options, program if only_print else "", password=show_password)
    return 0
