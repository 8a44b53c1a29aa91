"""`aurora-cfn metrics`: how much a database uses, and what it has cost this month."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from aurora_cfn.cli.options import AwsOptions, database_command, rows_format_option
from aurora_cfn.cli.times import LENGTH, MOMENT

USUAL = ("capacity", "utilisation", "cpu", "connections", "memory", "cache", "commits", "storage", "reads", "writes")
NAMES = (
    *USUAL, "lag", "deadlocks", "transactions", "read-latency", "write-latency", "attempts",
    "backups", "snapshots", "billed-backups",
)  # fmt: skip
LOAD_PERIODS = (1, 60, 300, 3600, 86400)
"""Seconds of a point that Performance Insights has (API model of `pi`, read 2026-11)."""


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1, type=click.Choice(NAMES))
@database_command
@click.option("--since", type=MOMENT, metavar="TIME",
              help="From then on: 2h, 7d, '2026-11-28 14:00' (UTC); by default 24h, with --follow 1h.")  # fmt: skip
@click.option("--period", type=LENGTH, metavar="LENGTH", default=timedelta(minutes=5), show_default="5m",
              help="Length of a point in minutes. CloudWatch keeps 1m for 15 days, 5m for 63, 1h later. With --load: "
              "1s, 1m, 5m, 1h or 1d.")  # fmt: skip
@click.option("--load", is_flag=True, help="Instead: active sessions by wait and the top SQL (Performance Insights).")
@click.option("--cost", is_flag=True, help="Also what this month has cost so far, at list prices; one more call.")
@click.option("--follow", "-f", is_flag=True, help="Go on until Ctrl-C, with one call each 30 s.")
@rows_format_option("json", ("table", "json", "csv", "html"))
def command(
    names: tuple[str, ...], env: str, stack: str | None, resource: str | None, since: timedelta | datetime | None,
    period: timedelta, load: bool, cost: bool, follow: bool, form: str, aws: AwsOptions,
) -> None:  # fmt: skip
    """Show how much databases use, from CloudWatch. The database is not asked: a paused one stays paused.

    \b
    capacity     ACU of each instance   cache    % of blocks read from memory
    utilisation  % of MaxCapacity       commits  latency of a commit, ms
    cpu          %                      storage  GiB of the cluster volume
    connections  the most at a time     reads    billed I/O requests of the volume
    memory       GiB free               writes   billed I/O requests of the volume

    Without names these are read, in one call, and followed by advice for MinCapacity, MaxCapacity and I/O-Optimized,
    with its reasons. In a plot `_` is the value 0, such as a pause, and a blank means that nothing was measured.

    \b
    Only by name:
    lag             of readers, ms
    deadlocks       a second
    transactions    age of the oldest transaction id not frozen (PostgreSQL)
    read-latency    of the storage, ms a read
    write-latency   of the storage, ms a write
    attempts        to connect, also those that failed (MySQL)
    backups         GiB of automated backups
    snapshots       GiB of manual snapshots older than those
    billed-backups  GiB of both, without the part that costs nothing

    --format html writes one page with plots that needs nothing from elsewhere. With --follow and json each new point
    is an object on a line. --cost sums ACU-hours over the instances; prices are AWS's list prices (see `cost`).

    --load shows the average active sessions of each instance, by what they wait for and by statement, as Performance
    Insights sampled them (one call an instance). That does not resume a paused database either.

    Exit codes: 0 printed, 2 wrong usage, 3 wrong params, no database, or Performance Insights is off, 4 AWS refused,
    130 Ctrl-C.

    \b
    Examples:
      aurora-cfn metrics --env production --cost
      aurora-cfn metrics --env production capacity connections --since 7d
      aurora-cfn metrics --env production backups --since 30d --period 1h
      aurora-cfn metrics --env production --load --since 1h --period 1m
      aurora-cfn metrics --env dev --follow
      aurora-cfn metrics --env production --format html > metrics.html
      aurora-cfn metrics --env dev storage --format csv
    """
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.metrics import MetricsRun

    seconds = period.total_seconds()
    if load and (names or cost):
        raise click.UsageError("--load goes without names and without --cost")
    if load and seconds not in LOAD_PERIODS:
        raise click.UsageError("--period: with --load a point is 1s, 1m, 5m, 1h or 1d long")
    if not load and (seconds < 60 or seconds % 60):
        raise click.UsageError("--period: CloudWatch has points of whole minutes")
    if follow and (form in {"csv", "html"} or cost):
        raise click.UsageError("--follow goes with table and json, and without --cost")
    access = DatabaseAccess.of(env, aws)
    run = MetricsRun(access, names, int(seconds), form, by_load=load)
    databases = access.in_rds(stack, resource)
    if follow:
        run.follow(databases, since or timedelta(hours=1))
    else:
        run.show(databases, since or timedelta(days=1), cost=cost)
