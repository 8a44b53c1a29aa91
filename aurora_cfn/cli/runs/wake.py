"""Before a command connects to a database: that a paused one is resumed is said, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aurora_cfn.aws.cloudwatch import AwsMetrics
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.operate.pause import Pauses

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.model.rows import Database
    from aurora_cfn.ports import Clock


def may_wake(access: DatabaseAccess, database: Database, clock: Clock, *, no_wake: bool) -> None:
    """Say that a paused database is resumed; with `no_wake` raise DeclinedError if it is paused, or may be."""
    if not no_wake:
        info("a paused database is resumed for this (--no-wake refuses)")
        return
    Pauses(access.target.databases, AwsMetrics(access.target.session), clock).refuse_to_wake(database)
