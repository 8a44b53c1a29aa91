"""`aurora-cfn logs`: what a database wrote to its log, from CloudWatch Logs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial

import click

from aurora_cfn.cli.options import AwsOptions, database_command, rows_format_option
from aurora_cfn.cli.times import LENGTH, MOMENT
from aurora_cfn.model.log_event import LEVELS


def _pattern(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> re.Pattern[str] | None:
    try:
        return None if text is None else re.compile(text)
    except re.error as error:
        raise click.BadParameter(f"no regular expression: {error}") from error


@click.command()
@click.argument("kind", metavar="[TYPE]", required=False)
@database_command
@click.option("--follow", "-f", is_flag=True, help="Print new entries as they arrive, until Ctrl-C.")
@click.option("--live", is_flag=True,
              help="Follow with a Live Tail session, which AWS charges by the minute.")  # fmt: skip
@click.option("--since", type=MOMENT, metavar="TIME",
              help="From then on: 30m, 2h, 1d, '2026-11-28 14:00' (UTC); by default 1h, with -f 10m.")  # fmt: skip
@click.option("--grep", callback=_pattern, metavar="RE", help="Only entries in which the regular expression matches.")
@click.option("--level", type=click.Choice(LEVELS), help="Only entries of this level or a more severe one.")
@click.option("--slow", type=LENGTH, metavar="LENGTH", help="Only statements that ran at least so long: 500ms, 2s.")
@click.option("--from-instance", is_flag=True,
              help="Read the log files of the instances, not CloudWatch Logs: this resumes paused ones.")  # fmt: skip
@click.option("--query", metavar="QUERY",
              help="Print the rows of a query of CloudWatch Logs Insights, paid by bytes scanned.")  # fmt: skip
@rows_format_option("json")
def command(
    kind: str | None, env: str, stack: str | None, resource: str | None, follow: bool, live: bool,
    since: timedelta | datetime | None, grep: re.Pattern[str] | None, level: str | None, slow: timedelta | None,
    from_instance: bool, query: str | None, form: str, aws: AwsOptions,
) -> None:  # fmt: skip
    """Show what a database wrote to its log in CloudWatch Logs. The database is not asked: a paused one stays paused.

    A log that is not exported is only on the instances: --from-instance reads their files, and so resumes them.

    TYPE is a log that the database exports (EnableCloudwatchLogsExports): postgresql, instance or iam-db-auth-error;
    of MySQL error, slowquery, general, audit, instance or iam-db-auth-error. Default: postgresql, or error. An RDS
    instance has no log `instance`, and one of PostgreSQL has upgrade.

    In a table, entries that differ in their time and numbers only are one line with their count. JSON has every entry,
    an object a line, and csv a row. --slow needs log_min_duration_statement in the parameter group. --follow makes one
    call each 5 s.

    --live opens a Live Tail session of CloudWatch Logs: new entries each second, of at most 500 events (a line says
    if there were more). First a line says what AWS charges; after 3 hours AWS ends the session.

    Exit codes: 0 printed, or AWS ended the session, 2 wrong usage, 3 wrong params, or no such log, 4 AWS refused, or
    the session broke, 130 Ctrl-C.

    \b
    Examples:
      aurora-cfn logs --env production --since 2h --level error
      aurora-cfn logs --env dev -f
      aurora-cfn logs --env production --live --level error
      aurora-cfn logs --env production --since 1d --slow 500ms
      aurora-cfn logs instance --env dev --from-instance --since 1d
      aurora-cfn logs --env dev --since 7d --query "stats count() by bin(1d)"
      aurora-cfn logs --env dev --grep deadlock --format json | jq -r .text
    """
    from aurora_cfn.cli.runs.client_target import shown_with_others
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.logs import LogsRun
    from aurora_cfn.operate.log_entries import Wanted

    milliseconds = None if slow is None else slow.total_seconds() * 1000
    if (follow or live) and (form == "csv" or from_instance):
        raise click.UsageError("--follow and --live go with table and json, and not with --from-instance")
    if query is not None and (follow or live or from_instance or grep or level or slow):
        raise click.UsageError("--query goes without --follow, --live, --from-instance, --grep, --level and --slow")
    if live and since is not None:
        raise click.UsageError("--live shows what is written from now on, so it goes without --since")
    access = DatabaseAccess.of(env, aws)
    run = LogsRun(access, Wanted(level or "", grep, milliseconds), form, from_instance=from_instance)
    found = access.one_in_rds if from_instance else partial(access.database, login=False)
    database = found(stack, resource)
    shown_with_others(access.target)
    if query is not None:
        run.query(database, kind, since or timedelta(hours=1), query)
    elif live:
        run.live(database, kind)
    elif follow:
        run.follow(database, kind, since or timedelta(minutes=10))
    else:
        run.show(database, kind, since or timedelta(hours=1))
