"""`aurora-cfn restore`: an earlier state of a database as a second stack, and its swap with the original."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, rows_format_option
from aurora_cfn.cli.terminal.prompt import need_terminal
from aurora_cfn.cli.times import MOMENT, before

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.target import Target

ACTIONS = ("--at", "--latest", "--snapshot", "--deleted", "--swap", "--delete")


@click.command()
@environment_option
@click.option("--stack", "-s", metavar="NAME", help="Stack of the database, when the environment has several.")
@click.option("--at", type=MOMENT, help="Restore this time, in UTC: 2026-11-28 13:55, or 2h ago.")
@click.option("--latest", is_flag=True, help="Restore the latest time that RDS can.")
@click.option("--snapshot", metavar="NAME", help="Restore this snapshot, of a cluster of the environment.")
@click.option("--deleted", metavar="CLUSTER", help="Restore a deleted cluster: its identifier or resource id.")
@click.option("--into", metavar="SUFFIX", help="Name of the copy; default: r1, or the next that is free.")
@click.option("--into-env", metavar="ENV", help="Make the copy in this environment, beside its stack of the same key.")
@click.option("--check", "checks", multiple=True, metavar="SQL", help="Run this on both and compare (repeatable).")
@click.option("--swap", metavar="COPY", help="Put the copy in place of the original.")
@click.option("--delete", metavar="COPY", help="Delete a copy; a final snapshot of it stays.")
@click.option("--confirm", multiple=True, metavar="NAME", help="The name of the stack, in place of a question.")
@rows_format_option("csv")
@click.option("--yes", "-y", is_flag=True, help="Make the copy without a question; --swap and --delete still ask.")
@aws_options
def command(
    env: str, stack: str | None, at: timedelta | datetime | None, latest: bool,
    snapshot: str | None, deleted: str | None, into: str | None, into_env: str | None, checks: tuple[str, ...],
    swap: str | None, delete: str | None,
    confirm: tuple[str, ...], form: str, yes: bool, aws: AwsOptions,
) -> int:  # fmt: skip
    """Bring back an earlier state of a cluster: always as a second stack first, which you compare and swap.

    The copy is the stack STACK-r1, with the template and the parameters of the original, a cluster and a secret of its
    own, and the tags of the environment; `status` lists it. It is made with a change set that is shown and approved,
    as by `deploy`. The original is not changed and not resumed; --check resumes both. Statements of --check run in a
    transaction that is rolled back.

    --deleted also works when the stack of the cluster is gone: the copy has the template and the parameters of its
    entry in the params file. The data come from its automated backups, where they were kept (DeleteAutomatedBackups
    false), with --at or --latest, else from what reaches further: these, or its last snapshot; --snapshot takes another
    one. A resource id also finds a cluster whose name another one has now. `snapshot list --deleted` lists them.

    --into-env staging brings the data of production to staging: a copy with the parameters of staging's stack, and a
    secret of its own, which `restore --env staging --swap` puts in its place. The data and the roles are not masked;
    `branch create --mask` masks.

    --swap exchanges the two clusters under the stacks, after you typed the name of the original stack: the endpoint
    then leads to the restored data, and the copy's stack holds the old ones, until you delete it by name. It takes
    minutes without service; after an interruption, even a kill, run it again to continue.
    See: aurora-cfn docs operating#what-a-swap-does.

    Exit codes: 0 done, 1 declined, lint errors, or a --check that the copy refuses, 2 wrong usage, 3 wrong params, time
    or name, 4 AWS refused, 5 it failed and was rolled back, 6 a stack or snapshot of others, not confirmed, or
    something that prevents the swap, 7 busy, 10 a stack is stuck, 11 AWS is known to refuse it.

    \b
    Examples:
      aurora-cfn restore --env production --at "2026-11-28 13:55"
      aurora-cfn restore --env dev --at 2h --check "select max(id) from orders"
      aurora-cfn restore --env production --latest --into r2
      aurora-cfn restore --env dev --snapshot before-launch --yes
      aurora-cfn restore --env production --latest --into-env staging
      aurora-cfn restore --env dev --deleted dev-auroracluster
      aurora-cfn restore --env dev --deleted cluster-ABCDEFGHIJKLMNOP --at 2h
      aurora-cfn restore --env production --swap r1
      aurora-cfn restore --env production --delete r1
    """
    names = {"--stack": stack, "--snapshot": snapshot, "--deleted": deleted, "--into": into, "--into-env": into_env}
    # As of a variable of the shell that is not set: without its value another database, or environment, is meant.
    if empty := [name for name, value in {**names, "--swap": swap, "--delete": delete}.items() if value == ""]:
        raise click.UsageError(f"{empty[0]} is empty")
    values = (at is not None, latest, snapshot, deleted, swap, delete)
    given = [name for name, value in zip(ACTIONS, values, strict=True) if value]
    # What a deleted cluster left has times and snapshots too.
    if len(given) != 1 and not (len(given) == 2 and deleted and not swap and not delete):
        raise click.UsageError(f"give one of {', '.join(ACTIONS)}" + (f", not {' and '.join(given)}" if given else ""))
    if into_env and (swap or delete):
        raise click.UsageError("--into-env is for a new copy: --swap and --delete take its environment as --env")
    need_terminal("add --yes to make the copy without being asked", unless=yes or swap or delete)
    from aurora_cfn.aws.clock import SystemClock
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.restore import RestoreRun
    from aurora_cfn.cli.runs.target import read_target

    target = read_target(env, aws)
    if swap or delete:
        return _exchange(target, stack, swap, delete, confirm)
    there = DatabaseAccess(read_target(into_env, aws)) if into_env else None
    access = DatabaseAccess(target)
    run = RestoreRun(access, stack, deleted or "", there)
    moment = None if at is None else before(SystemClock().now(), at)
    plan = run.plan(moment, snapshot, latest=latest)
    return run.restore(plan, into, checks, form, yes=yes)


def _exchange(target: Target, stack: str | None, swap: str | None, delete: str | None, confirm: tuple[str, ...]) -> int:
    from aurora_cfn.cli.runs.database_copy import copy_named
    from aurora_cfn.cli.runs.readiness import checked_account
    from aurora_cfn.cli.runs.swap import SwapRun, delete_copy

    checked_account(target)
    entry, copy = copy_named(target, stack, swap or delete or "")
    return SwapRun(target, entry, copy).swap(confirm) if swap else delete_copy(target, copy, confirm)
