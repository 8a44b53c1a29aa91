"""`aurora-cfn clients`: a database for each client of a fleet, in the region that was chosen for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, parallel_option, rows_format_option
from aurora_cfn.errors import EXIT_NEGATIVE

if TYPE_CHECKING:
    from aurora_cfn.fleet.waves import WaveSize
    from aurora_cfn.model.rows import Rows

Command = TypeVar("Command", bound=Callable[..., Any])
_yes = click.option("--yes", "-y", is_flag=True, help="Do not ask.")
_form = rows_format_option("csv")


class Wave(click.ParamType["WaveSize"]):
    """A number of clients, or a share of all: 5, 10%."""

    name = "wave"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> WaveSize:
        """The size. Fails as wrong usage for anything else."""
        from aurora_cfn.fleet.waves import wave_size

        try:
            return wave_size(str(value))
        except ValueError as error:
            self.fail(f"{value!r} is no wave: write {error}", param, ctx)


class Given(click.ParamType["tuple[str, str]"]):
    """NAME=VALUE."""

    name = "given"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The name and the value. Fails as wrong usage for anything else."""
        name, sign, text = str(value).partition("=")
        if not sign or not name:
            self.fail(f"{value!r} is not NAME=VALUE", param, ctx)
        return name, text


@click.group()
def command() -> None:
    """A database for each client: one stack of the fleet's template a client, in one of the fleet's regions.

    The section `fleet` of the params file says which template, regions and defaults. Which clients there are is kept
    in AWS alone: their names in SSM in the region of the params file, the rest in the tags of their stacks.

    \b
    Examples:
      aurora-cfn clients create acme --env fleet --region eu-central-1
      aurora-cfn clients list --env fleet
      aurora-cfn clients upgrade --env fleet --canary acme --wave 10% --tolerate 1
      aurora-cfn clients check --env fleet --check "select count(*) > 0 from a"
      aurora-cfn clients delete acme --env fleet
    """


@command.command()
@click.argument("names", nargs=-1, required=True, metavar="CLIENT...")
@environment_option
@click.option("--parameter", "given", multiple=True, type=Given(), metavar="NAME=VALUE",
              help="A parameter of these clients alone (repeatable).")  # fmt: skip
@parallel_option
@_yes
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

    ctx.exit(create_clients(FleetRun(env, aws), names, dict(given), yes=yes, parallel=parallel))


@command.command("list")
@environment_option
@_form
@aws_options
def list_command(env: str, form: str | None, aws: AwsOptions) -> None:
    """List the clients with region, state and version, from SSM and the stacks' tags; --region lists one region.

    States: ready, rolled back (its last update failed), pending, failed (its creation failed), stuck, claimed (a name
    without a stack), unclaimed (a stack without a name), elsewhere (a stack in another region than its claim).

    Exit codes: 0 listed, 2 wrong usage, 3 wrong params or no fleet, 4 AWS refused.

    \b
    Examples:
      aurora-cfn clients list --env fleet
      aurora-cfn clients list --env fleet --format csv > clients.csv
    """
    from aurora_cfn.cli.runs.fleet import FleetRun

    fleet = FleetRun(env, aws)
    _print(fleet.rows(fleet.clients()), form)


@command.command()
@click.argument("name", metavar="CLIENT")
@environment_option
@_form
@aws_options
def show(name: str, env: str, form: str | None, aws: AwsOptions) -> None:
    """Show one client: state, version, ARNs of its cluster and its secret, host and port; never a password.

    Of a creation or update that failed, the first cause is shown.

    Exit codes: 0 shown, 2 wrong usage, 3 wrong params or no such client, 4 AWS refused.

    \b
    Examples:
      aurora-cfn clients show acme --env fleet
      aurora-cfn clients show acme --env fleet --format json | jq '.[0].host'
    """
    from aurora_cfn.cli.runs.fleet import FleetRun

    _print(FleetRun(env, aws).details(name), form)


@command.command()
@environment_option
@click.option("--canary", multiple=True, metavar="CLIENT", help="Upgrade this one first (repeatable).")
@click.option("--wave", type=Wave(), default="10%", show_default=True, metavar="SIZE",
              help="Clients of each wave after the canary: 10% of those to upgrade, or 5.")  # fmt: skip
@click.option("--tolerate", type=click.IntRange(0), default=0, show_default=True, metavar="N",
              help="Go on with the next wave while no more clients than this have failed.")  # fmt: skip
@click.option("--check", default="", metavar="SQL", help="Run this after each, in place of `select 1`.")
@click.option("--allow-replace", multiple=True, metavar="LOGICAL_ID", help="Allow it to be replaced, in each client.")
@click.option("--no-snapshot", is_flag=True, help="Take no snapshot before a risky change.")
@click.option("--dry-run", is_flag=True, help="Show the waves, and change nothing.")
@parallel_option
@_yes
@aws_options
@click.pass_context
def upgrade(ctx: click.Context, /, env: str, yes: bool, dry_run: bool, aws: AwsOptions, **options: Any) -> None:
    """Upgrade all clients to the template and the defaults of this worktree: a canary, then wave by wave.

    The version is a hash of both, and a tag of each stack: a run that was stopped or killed is resumed by the same
    command. Each client gets a change set, which is reviewed as by deploy: one that would lose data is not executed,
    and counts as failed. A snapshot is taken first where deploy takes one. Then the database must answer `select 1`,
    or --check, whose first value must not be false or NULL; this wakes a paused one. A failed canary stops all.

    Exit codes: 0 all are at the version, 1 declined or lint errors, 2 wrong usage, 3 wrong params, else that of the
    worst client: 4 AWS or the database refused, 5 rolled back, 6 data would be lost, 7 busy, 10 stuck, 11 known to
    fail; 130 interrupted.

    \b
    Examples:
      aurora-cfn clients upgrade --env fleet --dry-run
      aurora-cfn clients upgrade --env fleet --canary acme --wave 10% --yes
    """
    from aurora_cfn.cli.terminal.prompt import need_terminal

    if not (yes or dry_run):
        need_terminal("add --yes to upgrade the clients without being asked")
    from aurora_cfn.cli.runs.fleet import FleetRun
    from aurora_cfn.cli.runs.upgrade_clients import UpgradeOptions, UpgradeRun
    from aurora_cfn.deploy.context import Choices

    choices = Choices(yes=yes, allow=options.pop("allow_replace"), snapshot=not options.pop("no_snapshot"))
    ctx.exit(UpgradeRun(FleetRun(env, aws), UpgradeOptions(choices=choices, dry_run=dry_run, **options)).upgrade())


@command.command()
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
@_yes
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


@command.command()
@environment_option
@click.option("--check", default="", metavar="SQL", help="Run this on each database too; a paused one is woken.")
@parallel_option
@_form
@aws_options
@click.pass_context
def check(ctx: click.Context, env: str, check: str, parallel: int, form: str | None, aws: AwsOptions) -> None:
    """Show where names and stacks disagree, stacks that failed, and with --check databases whose answer is not yes.

    Exit codes: 0 nothing found, 1 something was, 2 wrong usage, 3 wrong params, 4 AWS refused.

    \b
    Examples:
      aurora-cfn clients check --env fleet
      aurora-cfn clients check --env fleet --check "select count(*) > 0 from a"
    """
    from aurora_cfn.cli.runs.check_clients import check_clients
    from aurora_cfn.cli.runs.fleet import FleetRun

    found = check_clients(FleetRun(env, aws), check, parallel)
    _print(found, form)
    ctx.exit(EXIT_NEGATIVE if found.rows else 0)


def _print(rows: Rows, form: str | None) -> None:
    from aurora_cfn.cli.runs.sql import Layout, print_rows

    print_rows(rows, Layout(form or ("table" if sys.stdout.isatty() else "csv")))
