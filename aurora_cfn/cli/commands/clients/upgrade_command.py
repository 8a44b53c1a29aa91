"""`aurora-cfn clients upgrade`."""

from __future__ import annotations

from typing import Any

import click

from aurora_cfn.cli.commands.clients.options import NameValue, Wave
from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, parallel_option, yes_option


@click.command()
@environment_option
@click.option("--canary", multiple=True, metavar="CLIENT", help="Upgrade this one first (repeatable).")
@click.option("--wave", type=Wave(), default="10%", show_default=True, metavar="SIZE",
              help="Clients of each wave after the canary: 10% of those to upgrade, or 5.")  # fmt: skip
@click.option("--tolerate", type=click.IntRange(0), default=0, show_default=True, metavar="N",
              help="Go on with the next wave while no more clients than this have failed.")  # fmt: skip
@click.option("--client", "clients", multiple=True, metavar="CLIENT", help="Upgrade this one alone (repeatable).")
@click.option("--parameter", "given", multiple=True, type=NameValue(), metavar="NAME=VALUE",
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
@click.pass_context
def upgrade(ctx: click.Context, /, env: str, yes: bool, dry_run: bool, aws: AwsOptions, **options: Any) -> None:
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
    from aurora_cfn.cli.terminal.prompt import need_terminal

    if not (yes or dry_run):
        need_terminal("add --yes to upgrade the clients without being asked")
    from aurora_cfn.cli.runs.fleet import FleetRun
    from aurora_cfn.cli.runs.upgrade_clients import UpgradeOptions, UpgradeRun
    from aurora_cfn.deploy.context import Choices

    choices = Choices(yes=yes, allow=options.pop("allow_replace"), snapshot=not options.pop("no_snapshot"))
    fleet, meant = FleetRun(env, aws), UpgradeOptions(choices=choices, dry_run=dry_run, **options)
    if fleet.fleet.pool:
        from aurora_cfn.cli.runs.pool import PoolRun
        from aurora_cfn.cli.runs.upgrade_pool import upgrade_pool

        ctx.exit(upgrade_pool(PoolRun(fleet), meant))
    ctx.exit(UpgradeRun(fleet, meant).upgrade())
