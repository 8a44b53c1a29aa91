"""`tunnel`: a tunnel that stays open until Ctrl-C, and the variables for clients."""

from __future__ import annotations

import click

from aurora_cfn.cli.database_options import LoginOptions
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_login import LOOPBACK, wanted_database
from aurora_cfn.cli.runs.tunnel import tunnel
from aurora_cfn.cli.terminal.messages import info


def keep_open(env: str, aws: AwsOptions, options: LoginOptions, port: int) -> None:
    """Open the tunnel, print the variables, and return when the tunnel ends or Ctrl-C ends it."""
    with DatabaseAccess(env, aws, max_wait=0) as access:
        database = wanted_database(access, options)
        with tunnel(access.target.session, options.target, database.host, database.port, port) as opened:
            info(f"tunnel {options.target} is open: {LOOPBACK}:{opened.port} -> {database.host}:{database.port}")
            if database.engine == "mysql":
                click.echo(f"MYSQL_HOST={LOOPBACK} MYSQL_TCP_PORT={opened.port}")
            else:
                click.echo(
                    f"PGHOST={database.host} PGHOSTADDR={LOOPBACK} PGPORT={opened.port} PGDATABASE={database.name}"
                )
            opened.wait()
