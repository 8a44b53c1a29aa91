"""`aurora-cfn clients delete`."""

from __future__ import annotations

import click

from aurora_cfn.cli.commands.clients.options import yes_option
from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, parallel_option


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="CLIENT...")
@environment_option
@click.option(
    "--confirm",
    "confirmed",
    multiple=True,
    metavar="STACK",
    help="Agree to delete this stack, by its name (repeatable).",
)
@parallel_option
@yes_option
@aws_options
@click.pass_context
def delete(
    ctx: click.Context,
    names: tuple[str, ...],
    env: str,
    confirmed: tuple[str, ...],
    parallel: int,
    yes: bool,
    aws: AwsOptions,
) -> None:
    """Delete clients: protection off, a final snapshot of each database, the stacks, and last the names.

    Final snapshots stay, and count towards RDS's quota of manual snapshots. A deletion that was interrupted is
    finished by the same command. Aurora DSQL has no final snapshot, and the template dsql keeps its cluster. In an
    environment with `protect: true` --yes is not enough: --confirm STACK.

    Exit codes: 0 deleted, 1 declined, 2 wrong usage, 3 wrong params or no such client, 4 AWS refused, 6 not confirmed,
    or another stack needs it, 7 busy, 10 the deletion failed.

    \b
    Examples:
      aurora-cfn clients delete acme globex --env fleet
      aurora-cfn clients delete acme --env fleet --confirm clientdb-acme
    """
    from aurora_cfn.cli.terminal.prompt import need_terminal

    if not (yes or confirmed):
        need_terminal("add --yes to delete the clients without being asked")
    from aurora_cfn.cli.runs.delete_client import delete_clients
    from aurora_cfn.cli.runs.fleet import FleetRun

    ctx.exit(delete_clients(FleetRun(env, aws), names, yes=yes, confirmed=confirmed, parallel=parallel))
