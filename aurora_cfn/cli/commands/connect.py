"""`aurora-cfn connect`: start psql (or mysql) on the database of an environment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option

if TYPE_CHECKING:
    from aurora_cfn.model.rows import Database
    from aurora_cfn.sql.client import Encryption

INSTALL = {
    "psql": "install it (apt install postgresql-client, brew install libpq)",
    "mysql": "install it (apt install default-mysql-client, brew install mysql-client)",
    "mariadb": "install it (apt install mariadb-client, brew install mariadb)",
}


@click.command(context_settings={"ignore_unknown_options": False})
@environment_option
@click.option("--stack", "-s", metavar="NAME", help="Stack of the database, when the environment has several.")
@click.option("--resource", metavar="LOGICAL_ID", help="Logical id of the database, when a stack has several.")
@click.option("--host", metavar="HOST", help="Host to connect to instead, such as the local end of a tunnel.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to connect to, with --host.")
@click.option("--ca-bundle", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="File with the certificates to verify the server.")  # fmt: skip
@click.option("--print", "only_print", is_flag=True, help="Start nothing; print the command and the URL.")
@click.option("--show-password", is_flag=True, help="With --print: the password too.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- ARGUMENT...]")
@aws_options
@click.pass_context
def command(
    ctx: click.Context, env: str, stack: str | None, resource: str | None, host: str | None, port: int | None,
    ca_bundle: Path | None, only_print: bool, show_password: bool, arguments: tuple[str, ...], aws: AwsOptions,
) -> None:  # fmt: skip
    """Start psql on the database of an environment (mysql or mariadb on a MySQL cluster).

    User and password come from the secret of the stack; they are never part of a command line. The connection is
    encrypted. The server is verified too where the RDS certificates are found: --ca-bundle, PGSSLROOTCERT, or
    ~/.aws/rds-global-bundle.pem (in China rds-aws-cn-bundle.pem, in GovCloud rds-aws-us-gov-bundle.pem).

    Exit codes: those of psql or mysql; 2 wrong usage, 3 wrong params or psql is missing, 4 AWS refused or cannot be
    reached.

    \b
    Examples:
      aurora-cfn connect --env local
      aurora-cfn connect --env dev -- --csv -c "select * from orders"
      aurora-cfn connect --env dev --print
      aurora-cfn connect --env dev --host localhost --port 15432    # a tunnel
    """
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.database_client import (
        bundle_places,
        check_reachable,
        encryption,
        found_program,
        local_places,
        mysql_program,
        start,
    )
    from aurora_cfn.sql.client import client, shell_line, url

    if show_password and not only_print:
        raise click.UsageError("--show-password goes with --print")
    with DatabaseAccess(env, aws, max_wait=0) as access:
        given = access.database(stack, resource, over_the_wire=True)
        database = replace(given, host=host or given.host, port=port or given.port)
        credentials = access.credentials(database)
        places = local_places() if access.target.local else bundle_places(access.target.environment.region)
        encrypted = encryption(ca_bundle, places, elsewhere=database.host != given.host)
    program = mysql_program() if database.engine == "mysql" else "psql"
    wanted = client(database, credentials, encrypted, program=program)
    if only_print:
        click.echo(shell_line(wanted, password=show_password))
        click.echo(url(database, credentials, encrypted, password=show_password))
        return
    path = found_program(wanted.program, f"{INSTALL[wanted.program]}, or use: aurora-cfn sql --env {env}")
    check_reachable(database.host, database.port, _network_advice(database, env))
    _show(database, encrypted)
    if not (encrypted.bundle or access.target.local):
        _warn_unverified(access.target.environment.region)
    ctx.exit(start(path, wanted, arguments))


def _network_advice(database: Database, env: str) -> str:
    if database.host in {"127.0.0.1", "localhost"}:
        return "nothing listens there: see aurora-cfn local status, or the near end of your tunnel"
    return (
        "databases here have no public address: connect through the VPN or a tunnel (--host, --port), "
        f"or without any network path: aurora-cfn sql --env {env}"
    )


def _show(database: Database, encrypted: Encryption) -> None:
    click.echo(f"{database.name} at {database.host}:{database.port}, sslmode={encrypted.mode}", err=True)


def _warn_unverified(region: str) -> None:
    from aurora_cfn.cli.runs.database_client import bundle_places
    from aurora_cfn.facts.regions import certificate_bundle

    bundle = certificate_bundle(region)
    how = f"to verify it: curl -o {bundle_places(region)[0]} {bundle}" if bundle else "to verify it: --ca-bundle"
    click.echo(f"encrypted, but the server is not verified; {how}", err=True)
