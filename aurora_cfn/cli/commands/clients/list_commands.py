"""`aurora-cfn clients list`, `show` and `check`."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, parallel_option, rows_format_option
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.errors import EXIT_NEGATIVE


@click.command("list")
@environment_option
@rows_format_option("csv")
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
    from aurora_cfn.cli.runs.client_reports import clients_of
    from aurora_cfn.cli.runs.fleet import FleetRun

    print_rows(clients_of(FleetRun(env, aws)), form)


@click.command()
@click.argument("name", metavar="CLIENT")
@environment_option
@rows_format_option("csv")
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
    from aurora_cfn.cli.runs.client_reports import client_details
    from aurora_cfn.cli.runs.fleet import FleetRun

    print_rows(client_details(FleetRun(env, aws), name), form)


@click.command()
@environment_option
@click.option("--check", default="", metavar="SQL", help="Run this on each database too; a paused one is woken.")
@parallel_option
@rows_format_option("csv")
@aws_options
def check(env: str, check: str, parallel: int, form: str, aws: AwsOptions) -> int:
    """Show where names and stacks disagree, stacks that failed, and with --check databases whose answer is not yes.

    In a pool `select 1` must answer in each database as the client itself, also without --check.

    Exit codes: 0 nothing found, 1 something was, 2 wrong usage, 3 wrong params, 4 AWS refused.

    \b
    Examples:
      aurora-cfn clients check --env fleet
      aurora-cfn clients check --env fleet --check "select count(*) > 0 from a"
    """
    from aurora_cfn.cli.runs.client_reports import check_clients
    from aurora_cfn.cli.runs.fleet import FleetRun

    found = check_clients(FleetRun(env, aws), check, parallel)
    print_rows(found, form)
    return EXIT_NEGATIVE if found.rows else 0
