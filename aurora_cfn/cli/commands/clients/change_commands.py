"""`aurora-cfn clients create`, `delete` and `upgrade`."""

from __future__ import annotations

from typing import Any

import click

from aurora_cfn.cli.options import AwsOptions, Parsed, aws_options, environment_option, parallel_option, yes_option
from aurora_cfn.cli.terminal.prompt import need_terminal
from aurora_cfn.fleet.waves import FORM, wave_size

WAVE = Parsed("wave", wave_size, f"is no wave: write {FORM}")
"""A number of clients, or a share of all: 5, 10%."""


def _named_value(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise ValueError(text)
    return name, value


NAME_VALUE = Parsed("given", _named_value, "is not NAME=VALUE")
"""A name and its value, as a pair."""


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="CLIENT...")
@environment_option
@click.option("--parameter", "given", multiple=True, type=NAME_VALUE, metavar="NAME=VALUE",
              help="A parameter of these clients alone (repeatable).")  # fmt: skip
@parallel_option
@yes_option
@aws_options
def create(
    names: tuple[str, ...], env: str, given: tuple[tuple[str, str], ...], parallel: int, yes: bool, aws: AwsOptions
) -> int:
    """Create the databases of clients, in --region or the fleet's first region.

    The limit of the fleet and the quotas of RDS are looked at first, then each name is claimed in SSM: of two commands
    that create the same client in two regions one is refused. A client that is there stays as it is, a creation that
    was interrupted continues, and one that failed is deleted and made again. The exit code of a failed stack is that of
    deploy, and its first cause stays readable with `clients show`.

    Exit codes: 0 created or there already, 1 declined or lint errors, 2 wrong usage, 3 wrong params, name or region, or
    no room, 4 AWS refused, 5 a stack failed and was rolled back, 6 a stack of others, 7 busy, 10 stuck, 11 known to
    fail.

    \b
    Examples:
      aurora-cfn clients create acme globex --env fleet --yes
      aurora-cfn clients create initech --env fleet --parameter MaxCapacity=8
    """
    need_terminal("add --yes to create the clients without being asked", unless=yes)
    from aurora_cfn.cli.runs.create_clients import create_clients
    from aurora_cfn.cli.runs.fleet import FleetRun

    return create_clients(FleetRun(env, aws), names, dict(given), yes=yes, parallel=parallel)


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="CLIENT...")
@environment_option
@click.option(
    "--confirm",
    "confirmed",
    multiple=True,
    metavar="NAME",
    help="Agree to delete this stack, or this database of a pool, by its name (repeatable).",
)
@click.option("--no-snapshot", is_flag=True, help="Of a pool: take no snapshot of the shared cluster before.")
@parallel_option
@yes_option
@aws_options
def delete(
    names: tuple[str, ...],
    env: str,
    confirmed: tuple[str, ...],
    no_snapshot: bool,
    parallel: int,
    yes: bool,
    aws: AwsOptions,
) -> int:
    """Delete clients: protection off, a final snapshot of each database, the stacks, and last the names.

    Final snapshots stay, and count towards RDS's quota of manual snapshots. A deletion that was interrupted is
    finished by the same command. Aurora DSQL has no final snapshot, and the template dsql keeps its cluster. In an
    environment with `protect: true` --yes is not enough: --confirm NAME.

    Of a pool the database, the role and the secret are dropped, which --yes never agrees to: --confirm NAME. Before
    it one snapshot of the shared cluster is taken, the only place from which the database can be brought back.

    Exit codes: 0 deleted, 1 declined, 2 wrong usage, 3 wrong params or no such client, 4 AWS refused, 6 not confirmed,
    or another stack needs it, 7 busy, 10 the deletion failed.

    \b
    Examples:
      aurora-cfn clients delete acme globex --env fleet
      aurora-cfn clients delete acme --env fleet --confirm clientdb-acme
    """
    instead = "add --yes to delete the clients without being asked, of a pool --confirm NAME"
    need_terminal(instead, unless=yes or confirmed)
    from aurora_cfn.cli.runs.delete_client import delete_clients
    from aurora_cfn.cli.runs.fleet import FleetRun

    snapshot = not no_snapshot
    return delete_clients(FleetRun(env, aws), names, yes=yes, confirmed=confirmed, snapshot=snapshot, parallel=parallel)


@click.command()
@environment_option
@click.option("--canary", multiple=True, metavar="CLIENT", help="Upgrade this one first (repeatable).")
@click.option("--wave", type=WAVE, default="10%", show_default=True, metavar="SIZE",
              help="Clients of each wave after the canary: 10% of those to upgrade, or 5.")  # fmt: skip
@click.option("--tolerate", type=click.IntRange(0), default=0, show_default=True, metavar="N",
              help="Go on with the next wave while no more clients than this have failed.")  # fmt: skip
@click.option("--client", "clients", multiple=True, metavar="CLIENT", help="Upgrade this one alone (repeatable).")
@click.option("--parameter", "given", multiple=True, type=NAME_VALUE, metavar="NAME=VALUE",
              help="Give those of --client a parameter of their own (repeatable).")  # fmt: skip
@click.option("--default", "defaults", multiple=True, metavar="NAME",
              help="Give those of --client the default of the fleet again (repeatable).")  # fmt: skip
@click.option("--check", default="", metavar="SQL", help="Run this after each, in place of `select 1`.")
@click.option("--allow-replace", multiple=True, metavar="LOGICAL_ID", help="Allow it to be replaced, in each client.")
@click.option("--no-snapshot", is_flag=True, help="Take no snapshot before a risky change.")
@click.option("--dry-run", is_flag=True, help="Show the waves, and change nothing.")
@parallel_option
@yes_option
@aws_options
def upgrade(env: str, yes: bool, dry_run: bool, aws: AwsOptions, **options: Any) -> int:
    """Upgrade all clients to the template and the defaults of this worktree: a canary, then wave by wave.

    The version is a hash of both, and a tag of each stack: a run that was stopped or killed is resumed by the same
    command. Each client gets a change set, which is reviewed as by deploy: one that would lose data is not executed,
    and counts as failed. A snapshot is taken first where deploy takes one. Then the database must answer `select 1`,
    or --check, whose first value must not be false or NULL; this wakes a paused one. A failed canary stops all.

    With --client only those are upgraded, and with --parameter or --default their own parameters change, also where
    they are at the version: a change like any other, with its change set and review.

    In a pool the version is a hash of the SQL files in `fleet.pool.migrations` and of the limits: each database
    gets the files that its ledger lacks, each in a transaction, as the client itself. No snapshot is taken.

    Exit codes: 0 all are at the version, 1 declined or lint errors, 2 wrong usage, 3 wrong params, else that of the
    worst client: 4 AWS or the database refused, 5 rolled back, 6 data would be lost, 7 busy, 10 stuck, 11 known to
    fail; 130 interrupted.

    \b
    Examples:
      aurora-cfn clients upgrade --env fleet --dry-run
      aurora-cfn clients upgrade --env fleet --canary acme --wave 10% --yes
      aurora-cfn clients upgrade -e fleet --client acme --parameter MaxCapacity=8
    """
    if (options["given"] or options["defaults"]) and not options["clients"]:
        raise click.UsageError("--parameter and --default are for the clients named with --client")
    options["given"] = dict(options["given"])
    need_terminal("add --yes to upgrade the clients without being asked", unless=yes or dry_run)
    from aurora_cfn.cli.runs.client_waves import UpgradeOptions
    from aurora_cfn.cli.runs.fleet import FleetRun
    from aurora_cfn.cli.runs.upgrade_clients import upgrade_clients
    from aurora_cfn.deploy.context import Choices

    choices = Choices(yes=yes, allow=options.pop("allow_replace"), snapshot=not options.pop("no_snapshot"))
    return upgrade_clients(FleetRun(env, aws), UpgradeOptions(choices=choices, dry_run=dry_run, **options))
