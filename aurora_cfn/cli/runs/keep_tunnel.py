"""`tunnel`: a tunnel that stays open until Ctrl-C, and the variables for clients."""

from __future__ import annotations

import json
from dataclasses import replace

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.database_options import LoginOptions
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.database_login import wanted_database
from aurora_cfn.cli.runs.tunnel import tunnel
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.model.database_tunnel import DatabaseTunnel
from aurora_cfn.operate.tunnels import for_programs, named


def keep_open(env: str, aws: AwsOptions, options: LoginOptions, port: int) -> None:
    """Open the tunnel, print the variables, and return when the tunnel ends or Ctrl-C ends it."""
    access = DatabaseAccess.of(env, aws)
    row = asked_tunnel(access, options)
    with tunnel(access.target.session, row.via, row.host, row.host_port, port) as opened:
        row = replace(row, port=opened.port)
        info(f"tunnel {row.via} is open: {row.ends}")
        print_tunnel(row)
        opened.wait()


def asked_tunnel(access: DatabaseAccess, options: LoginOptions, port: int = 0) -> DatabaseTunnel:
    """The tunnel to the database of the options, not open yet; `port` is 0 for any. Raises InputError without one."""
    database, environment = wanted_database(access, options), access.target.environment
    key, branch = named(environment, database.stack)
    return DatabaseTunnel(
        env=environment.name, stack=database.stack, via=options.target, host=database.host, host_port=database.port,
        port=port, name=database.name, since=SystemClock().now().replace(microsecond=0), engine=database.engine,
        key=key, branch=branch, client=access.target.options.client or "",
    )  # fmt: skip


def print_tunnel(row: DatabaseTunnel, *, as_json: bool = False) -> None:
    """Print how clients reach the near end: as variables of psql or mysql, or as JSON."""
    click.echo(json.dumps(for_programs(row)) if as_json else row.variables)
