"""`aurora-cfn tunnel`: keep a local port open that leads to the database of an environment."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, client_option, database_options, environment_option


@click.command()
@environment_option
@database_options
@client_option
@click.option("--reader", is_flag=True, help="To the reader endpoint.")
@click.option(
    "--via",
    "target",
    required=True,
    metavar="TARGET",
    help="The host beside the database: an instance (i-...) or an ECS task (ecs:CLUSTER_TASK_RUNTIME).",
)
@click.option("--port", type=click.IntRange(1, 65535), help="Local port; a free one by default.")
@aws_options
def command(
    env: str, stack: str | None, resource: str | None, reader: bool, target: str, port: int | None, aws: AwsOptions
) -> None:  # fmt: skip
    """Forward a local port to the database of an environment, through Session Manager, until Ctrl-C.

    TARGET runs the SSM agent in a network that reaches the database; it needs no open port and no key. The local end
    accepts connections from this machine only. Variables for psql go to stdout: with PGHOST and PGHOSTADDR the server
    is verified with its real name. No connection to the database is made, and none is resumed.

    Exit codes: 130 ended by Ctrl-C, 0 ended by Session Manager, 2 wrong usage, 3 wrong params or the plugin is missing,
    4 AWS refused or no tunnel opened.

    \b
    Examples:
      aurora-cfn tunnel --env production --via i-0abc
      aurora-cfn tunnel --env production --via i-0abc --port 15432
    """
    from aurora_cfn.cli.database_options import LoginOptions
    from aurora_cfn.cli.runs.keep_tunnel import keep_open

    keep_open(
        env, aws, LoginOptions(stack, resource, reader=reader, via=f"ssm:{target.removeprefix('ssm:')}"), port or 0
    )
