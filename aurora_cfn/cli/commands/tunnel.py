"""`aurora-cfn tunnel`: keep a local port open that leads to the database of an environment."""

from __future__ import annotations

import sys
from typing import Literal

import click

from aurora_cfn.cli.options import (
    AwsOptions,
    aws_options,
    client_option,
    database_options,
    optional_environment_option,
)


@click.command()
@optional_environment_option
@database_options
@client_option
@click.option("--reader", is_flag=True, help="To the reader endpoint.")
@click.option(
    "--via",
    "target",
    metavar="TARGET",
    help="The host beside the database: an instance (i-...) or an ECS task (ecs:CLUSTER_TASK_RUNTIME).",
)
@click.option("--port", type=click.IntRange(1, 65535), help="Local port; a free one by default.")
@click.option("--background", "action", flag_value="background", help="Return once it is open; it stays open.")
@click.option("--status", "action", flag_value="status", help="List the tunnels in the background.")
@click.option("--stop", "action", flag_value="stop", help="End those of the environment, or of the database meant.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    help="Of --status and --background. Default: table on a terminal, else csv, and json for --background.",
)
@aws_options
def command(
    env: str | None, stack: str | None, resource: str | None, reader: bool, target: str | None, port: int | None,
    action: Literal["background", "status", "stop"] | None, form: str | None, aws: AwsOptions,
) -> None:  # fmt: skip
    """Forward a local port to the database of an environment, through Session Manager, until Ctrl-C.

    TARGET runs the SSM agent in a network that reaches the database; it needs no open port and no key. The local end
    accepts connections from this machine only. Variables for psql go to stdout: with PGHOST and PGHOSTADDR the server
    is verified with its real name. No connection to the database is made, and none is resumed.

    With --background a process of its own keeps it open, until --stop, or until Session Manager ends it. There is one
    to each endpoint, and connect and run go through it: where it runs already, that one is printed. In a pipe it is
    printed as JSON, with address, port and URL. --status and --stop call nothing in AWS; --status without --env lists
    all of the project.

    Exit codes: 130 ended by Ctrl-C, 128 + n by another signal, 0 ended by Session Manager, open in the background,
    listed or stopped, also if none ran, 2 wrong usage, 3 wrong params, a port in use or the plugin is missing, 4 AWS
    refused or no tunnel opened, 7 it runs on another port, or another command starts or stops one.

    \b
    Examples:
      aurora-cfn tunnel --env production --via i-0abc
      aurora-cfn tunnel --env production --via i-0abc --port 15432
      aurora-cfn tunnel --env production --via i-0abc --background | jq -r .port
      aurora-cfn tunnel --status
      aurora-cfn tunnel --env production --stop
    """
    if form and (action in {None, "stop"} or (action, form) == ("background", "csv")):
        raise click.UsageError("--format goes with --status, and table or json with --background")
    if action in {"status", "stop"}:
        _show_or_stop(action, env, stack, form, (resource, reader or None, target, port))
        return
    if not env or not target:
        raise click.UsageError("--env says which environment, and --via through which host" if env else _NO_ENV)
    from aurora_cfn.cli.database_options import LoginOptions

    options = LoginOptions(stack, resource, reader=reader, via=f"ssm:{target.removeprefix('ssm:')}")
    if action:
        from aurora_cfn.cli.runs.background_tunnel import open_in_background

        as_json = form == "json" or (form is None and not sys.stdout.isatty())
        open_in_background(env, aws, options, port or 0, as_json=as_json)
        return
    from aurora_cfn.cli.runs.background_tunnel import keep_open

    keep_open(env, aws, options, port or 0)


_NO_ENV = "say which environment: --env ENV"


def _show_or_stop(
    action: str | None, env: str | None, stack: str | None, form: str | None, others: tuple[object, ...]
) -> None:
    if any(one is not None for one in others):
        raise click.UsageError(f"--{action} takes --env, --stack, --branch and --client")
    from aurora_cfn.cli.runs.background_tunnel import show_tunnels, stop_tunnels

    if action == "status":
        show_tunnels(env, stack, form or ("table" if sys.stdout.isatty() else "csv"))
        return
    if not env:
        raise click.UsageError(_NO_ENV)
    stop_tunnels(env, stack)
