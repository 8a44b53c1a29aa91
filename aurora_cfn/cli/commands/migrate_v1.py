"""`aurora-cfn migrate-v1`: from a stack with Aurora Serverless v1, or any database of RDS, into a template of ours."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, rows_format_option, yes_option
from aurora_cfn.cli.terminal.prompt import need_terminal


@click.command()
@environment_option
@click.option("--stack", "-s", required=True, metavar="KEY", help="The new stack: its key in the params file.")
@click.option("--from-stack", metavar="NAME", help="The stack with the old database; its full name.")
@click.option("--resource", metavar="LOGICAL_ID", help="The old database, when its stack has several.")
@click.option("--secret", metavar="ARN", help="Secret with its login, to compare; else that of its stack.")
@click.option("--snapshot", metavar="NAME", help="Restore this snapshot, instead of taking one.")
@click.option("--plan", "only_plan", is_flag=True, help="Only show what fits, what changes and what is lost.")
@click.option("--check", "checks", multiple=True, metavar="SQL", help="Run this on both and compare (repeatable).")
@rows_format_option("csv")
@yes_option
@aws_options
def command(
    env: str, stack: str, from_stack: str | None, resource: str | None, secret: str | None, snapshot: str | None,
    only_plan: bool, checks: tuple[str, ...], form: str, yes: bool, aws: AwsOptions,
) -> int:  # fmt: skip
    """Copy the database of another stack, such as one of Aurora Serverless v1, into a stack of the environment.

    The params file says where to: a stack with a template aurora-serverless-* and `SnapshotIdentifier`. --plan, which
    changes nothing, names the value, and says whether engine, version and encryption fit. Then a snapshot of the old
    database is taken, restored by a deployment of the new stack, and both are compared: with --check, which the old one
    answers before anything is changed, else by the number of their tables. The old stack is not changed. Run it again
    after an interruption: it takes no second snapshot. The comparison resumes a paused database.

    Exit codes: 0 done, 1 declined, the plan says that it does not fit, or the two databases differ, 2 wrong usage, 3
    wrong params or names, 4 AWS refused, 5 it failed and was rolled back, 6 data would be lost, 7 busy, 10 a stack is
    stuck, 11 AWS is known to refuse it.

    \b
    Examples:
      aurora-cfn migrate-v1 --env prod --stack orders --from-stack old --plan
      aurora-cfn migrate-v1 --env prod --stack orders --from-stack old
      aurora-cfn migrate-v1 --env dev --stack orders --snapshot v1-final --plan
    """
    if bool(from_stack) == bool(snapshot):
        raise click.UsageError("give one of --from-stack and --snapshot")
    if snapshot and (resource or secret):
        raise click.UsageError("--resource and --secret are of the database of --from-stack")
    need_terminal("add --yes to copy without being asked, or --plan to only look", unless=yes or only_plan)
    from aurora_cfn.cli.runs.migrate_v1 import MigrationRun
    from aurora_cfn.cli.runs.target import read_target

    run = MigrationRun(read_target(env, aws), stack, from_stack, resource, secret, snapshot)
    return run.show(form) if only_plan else run.migrate(checks, form, yes=yes)
