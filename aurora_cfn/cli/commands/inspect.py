"""`aurora-cfn inspect`: what a PostgreSQL database does now, and what is wrong in it."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, database_command, no_wake_option, rows_format_option
from aurora_cfn.cli.terminal.prompt import need_terminal

TOPICS = ("blocking", "locks", "ps", "outliers", "calls", "tables", "indexes", "bloat", "vacuum", "cache", "roles",
          "slots", "all")  # fmt: skip


@click.command()
@click.argument("topic", type=click.Choice(TOPICS), default="all")
@database_command
@click.option(
    "--kill", type=click.IntRange(1), metavar="PID", help="End that session, after it was shown and agreed to."
)
@click.option("--reset", is_flag=True, help="Let the counters of outliers and calls begin anew, after asking.")
@click.option("--yes", "-y", is_flag=True, help="With --kill and --reset: do not ask.")
@click.option("--watch", is_flag=True, help="Repeat it each 5 s until Ctrl-C; the database cannot pause meanwhile.")
@click.option("--fail-on", type=click.Choice(["warn", "bad"]), help="End with 1 if a check finds that, or worse.")
@no_wake_option
@rows_format_option("json")
def command(
    topic: str, env: str, stack: str | None, resource: str | None, kill: int | None, reset: bool,
    yes: bool, watch: bool, fail_on: str | None, no_wake: bool, form: str, aws: AwsOptions,
) -> int:  # fmt: skip
    """Check a PostgreSQL database through the Data API, read only. A paused database is resumed for it.

    \b
    blocking  sessions for which others wait   tables   sizes and scans
    locks     strong locks, waits for locks    indexes  unused and invalid ones
    ps        sessions at work                 bloat    estimated unused space
    outliers  statements by their whole time   vacuum   dead and old rows
    calls     statements by number of calls    cache    blocks from memory
    roles     who can log in                   slots    replication slots

    Without a topic all are checked, with one line each; with a topic its rows are shown, and csv is possible. Each
    statement has 5 s. outliers and calls need the extension pg_stat_statements in the database. Statistics are those
    of the writer: an index may be used on a reader.

    Exit codes: 0 done, 1 found with --fail-on, refused by --no-wake, declined, or no such session, 2 wrong usage, 3
    wrong params, or not PostgreSQL, 4 AWS or the database refused, 130 Ctrl-C.

    \b
    Examples:
      aurora-cfn inspect --env production
      aurora-cfn inspect --env production blocking
      aurora-cfn inspect --env production --kill 4711
      aurora-cfn inspect --env dev --reset
      aurora-cfn inspect --env production --fail-on warn --no-wake
      aurora-cfn inspect --env dev outliers --format csv
    """
    if kill is not None and reset:
        raise click.UsageError("--kill and --reset: give one of them")
    if form == "csv" and topic == "all" and kill is None and not reset:
        raise click.UsageError("csv has the rows of one topic: name it")
    need_terminal("--yes resets them without a question", unless=yes or not reset)
    from aurora_cfn.aws.clock import SystemClock
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.inspect import InspectRun
    from aurora_cfn.cli.runs.wake import may_wake

    access = DatabaseAccess.of(env, aws)
    database = access.database(stack, resource, login=False)
    run = InspectRun(access, database, form, SystemClock())
    may_wake(access, database, no_wake=no_wake)
    if kill is not None:
        return run.kill(kill, yes=yes)
    if reset:
        return run.reset(yes=yes)
    return run.watch(topic) if watch else run.show(topic, fail_on)
