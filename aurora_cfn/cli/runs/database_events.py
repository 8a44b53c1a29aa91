"""`events --rds`: what RDS reports of the databases of an environment, printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.operate.database_events import KEPT, database_events
from aurora_cfn.operate.metrics.reader import known_databases
from aurora_cfn.report.events import database_event_json, database_event_line

LAST = timedelta(days=1)


def show_database_events(env: str, aws: AwsOptions, stacks: Sequence[str], *, whole: bool, as_json: bool) -> None:
    """Print the events of the last day, or with `whole` of all that RDS keeps.

    Raises InputError if there is no database.
    """
    access = DatabaseAccess.of(env, aws)
    target = access.target
    databases = [row for stack in stacks or (None,) for row in access.in_rds(stack)]
    keys = {row.name: row.key for row in target.environment.stacks}
    since = SystemClock().now() - (KEPT if whole else LAST)
    found = database_events(target.databases, known_databases(target.databases, databases), since)
    for stack, event in found:
        key = keys.get(stack, stack)
        write_stdout(database_event_json(key, event) if as_json else database_event_line(key, event))
    if not found:
        info(f"RDS has reported nothing since {since:%Y-%m-%d %H:%M} UTC")
