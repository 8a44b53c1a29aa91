"""`aurora-cfn why-awake`: what keeps a database from pausing."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from aurora_cfn.cli.options import AwsOptions, database_command, rows_format_option
from aurora_cfn.cli.times import MOMENT


@click.command()
@database_command
@click.option("--since", type=MOMENT, metavar="TIME", default="24h", show_default=True,
              help="Look back so far: 2h, 7d, '2026-11-28 14:00' (UTC).")  # fmt: skip
@click.option("--sessions", is_flag=True, help="Ask the database for its sessions without a question; that wakes it.")
@click.option("--no-wake", is_flag=True, help="Do not ask the database for its sessions.")
@click.option("--instance-log", is_flag=True, help="Read the log `instance` in CloudWatch Logs, where it is exported.")
@click.option("--exit-code", is_flag=True, help="End with 8 when something keeps a database from pausing.")
@rows_format_option("json")
def command(
    env: str, stack: str | None, resource: str | None, since: timedelta | datetime,
    sessions: bool, no_wake: bool, instance_log: bool, exit_code: bool, form: str, aws: AwsOptions,
) -> int:  # fmt: skip
    """Say why an Aurora Serverless database does not pause, and what pausing would have saved.

    First its configuration, which costs nothing: minimum capacity, RDS proxies, replication, zero-ETL integrations,
    global databases, instances that are not serverless. Then events of pauses and resumes in RDS, and capacity and
    connections in CloudWatch. None of this resumes a paused database.

    Last its sessions, which only the database knows: on a terminal you are asked first, since the question resumes
    it, or restarts its idle time. What you may not read is one line (not read), and the rest is shown.

    \b
    BLOCKS    it cannot pause as long as this is so
    delays    it pauses some time after this has ended
    resumed   when it was resumed

    Exit codes: 0 shown, 2 wrong usage, 3 wrong params, or no database, 4 AWS refused, 8 kept from pausing, with
    --exit-code, 130 Ctrl-C.

    \b
    Examples:
      aurora-cfn why-awake --env production
      aurora-cfn why-awake --env dev --since 7d --instance-log
      aurora-cfn why-awake --env dev --no-wake --exit-code
      aurora-cfn why-awake --env dev --format json | jq '.[].reasons'
    """
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.why_awake import WhyAwakeRun

    if sessions and no_wake:
        raise click.UsageError("--sessions asks the database, and --no-wake does not: give one of them")
    access = DatabaseAccess.of(env, aws)
    run = WhyAwakeRun(access, form, True if sessions else False if no_wake else None, instance_log)
    return run.show(access.in_rds(stack, resource), since, exit_code=exit_code)
