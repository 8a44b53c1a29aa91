"""`aurora-cfn clients create`."""

from __future__ import annotations

import click

from aurora_cfn.cli.commands.clients.options import NameValue
from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, parallel_option, yes_option


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="CLIENT...")
@environment_option
@click.option("--parameter", "given", multiple=True, type=NameValue(), metavar="NAME=VALUE",
              help="A parameter of these clients alone (repeatable).")  # fmt: skip
@parallel_option
@yes_option
@aws_options
@click.pass_context
def create(
    ctx: click.Context,
    names: tuple[str, ...],
    env: str,
    given: tuple[tuple[str, str], ...],
    parallel: int,
    yes: bool,
    aws: AwsOptions,
) -> None:
    """Create the databases of clients, in --region or the fleet's first region.

    The limit of the fleet and the quotas of RDS are looked at first, then each name is claimed in SSM: of two commands
    that create the same client in two regions one is refused. A client that is there stays as it is, a creation that
    was interrupted goes on, and one that failed is deleted and made again. The exit code of a failed stack is that of
    deploy, and its first cause stays readable with `clients show`.

    Exit codes: 0 created or there already, 1 declined or lint errors, 2 wrong usage, 3 wrong params, name or region, or
    no room, 4 AWS refused, 5 a stack failed and was rolled back, 6 a stack of others, 7 busy, 10 stuck, 11 known to
    fail.

    \b
    Examples:
      aurora-cfn clients create acme globex --env fleet --yes
      aurora-cfn clients create initech --env fleet --parameter MaxCapacity=8
    """
    from aurora_cfn.cli.terminal.prompt import need_terminal

    if not yes:
        need_terminal("add --yes to create the clients without being asked")
    from aurora_cfn.cli.runs.create_clients import create_clients
    from aurora_cfn.cli.runs.fleet import FleetRun

    fleet = FleetRun(env, aws)
    if fleet.fleet.pool:
        from aurora_cfn.cli.runs.pool import PoolRun
        from aurora_cfn.cli.runs.pool_changes import create_in_pool

        ctx.exit(create_in_pool(PoolRun(fleet), names, dict(given), yes=yes))
    ctx.exit(create_clients(fleet, names, dict(given), yes=yes, parallel=parallel))
