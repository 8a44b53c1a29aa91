"""Before a command connects to a database: that a paused one is resumed is said, or refused."""

from __future__ import annotations

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudwatch import AwsMetrics
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import DeclinedError
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.pause import pause_state, refuse_to_wake


def may_wake(access: DatabaseAccess, database: Database, *, no_wake: bool) -> None:
    """Say that a paused database is resumed; with `no_wake` raise DeclinedError if it is paused, or may be.

    Nothing for one that never pauses: of Aurora DSQL, and an instance without a cluster.
    """
    if database.signed or database.kind == "db-instance":
        return
    if not no_wake:
        info("a paused database is resumed for this (--no-wake refuses)")
        return
    if not database.identifier:
        raise DeclinedError(f"whether the database of {database.stack} is paused is not known: no output names its ARN")
    metrics = AwsMetrics(access.target.session)
    refuse_to_wake(database, pause_state(database, access.target.databases, metrics, SystemClock().now()))
