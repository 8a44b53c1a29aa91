"""`aurora-cfn clients list`, `show` and `check`."""

from __future__ import annotations

import click

from aurora_cfn.cli.commands.clients.options import form_option, print_rows
from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, parallel_option
from aurora_cfn.errors import EXIT_NEGATIVE


@click.command("list")
@environment_option
@form_option
@aws_options
def list_command(env: str, form: str, aws: AwsOptions) -> None:
    """List the clients with region, state and version, from SSM and the stacks' tags; --region lists one region.

    States: ready, rolled back (its last update failed), pending, failed (its creation failed), stuck, claimed (a name
    without a stack), unclaimed (a stack without a name), elsewhere (a stack in another region than its claim). The
    clients of a pool are read from the shared clusters, with sizes and sessions; this wakes a paused one.

    Exit codes: 0 listed, 2 wrong usage, 3 wrong params or no fleet, 4 AWS refused.

    \b
    Examples:
      aurora-cfn clients list --env fleet
      aurora-cfn clients list --env fleet --format csv > clients.csv
    """
    from aurora_cfn.cli.runs.fleet import FleetRun

    fleet = FleetRun(env, aws)
    if fleet.fleet.pool:
        from aurora_cfn.cli.runs.pool import PoolRun

        print_rows(PoolRun(fleet).rows(), form)
    else:
        print_rows(fleet.rows(fleet.clients()), form)


@click.command()
@click.argument("name", metavar="CLIENT")
@environment_option
@form_option
@aws_options
def show(name: str, env: str, form: str, aws: AwsOptions) -> None:
    """Show one client: state, version, ARNs of its cluster and its secret, host and port; never a password.

    Of a creation or update that failed, the first cause is shown.

    Exit codes: 0 shown, 2 wrong usage, 3 wrong params or no such client, 4 AWS refused.

    \b
    Examples:
      aurora-cfn clients show acme --env fleet
      aurora-cfn clients show acme --env fleet --format json | jq '.[0].host'
    """
    from aurora_cfn.cli.runs.fleet import FleetRun

    fleet = FleetRun(env, aws)
    if fleet.fleet.pool:
        from aurora_cfn.cli.runs.pool import PoolRun

        print_rows(PoolRun(fleet).details(name), form)
    else:
        from aurora_cfn.cli.runs.client_details import client_details

        print_rows(client_details(fleet, name), form)


@click.command()
@environment_option
@click.option("--check", default="", metavar="SQL", help="Run this on each database too; a paused one is woken.")
@parallel_option
@form_option
@aws_options
@click.pass_context
def check(ctx: click.Context, env: str, check: str, parallel: int, form: str, aws: AwsOptions) -> None:
    """Show where names and stacks disagree, stacks that failed, and with --check databases whose answer is not yes.

    In a pool `select 1` must answer in each database as the client itself, also without --check.

    Exit codes: 0 nothing found, 1 something was, 2 wrong usage, 3 wrong params, 4 AWS refused.

    \b
    Examples:
      aurora-cfn clients check --env fleet
      aurora-cfn clients check --env fleet --check "select count(*) > 0 from a"
    """
    from aurora_cfn.cli.runs.check_clients import check_clients
    from aurora_cfn.cli.runs.fleet import FleetRun

    fleet = FleetRun(env, aws)
    if fleet.fleet.pool:
        from aurora_cfn.cli.runs.pool import PoolRun
        from aurora_cfn.cli.runs.upgrade_pool import check_pool_clients

        found = check_pool_clients(PoolRun(fleet), check, parallel)
    else:
        found = check_clients(fleet, check, parallel)
    print_rows(found, form)
    ctx.exit(EXIT_NEGATIVE if found.rows else 0)
