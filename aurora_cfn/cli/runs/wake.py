"""Before a command connects to a database: that a paused one is resumed is said, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudwatch import AwsMetrics
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import DeclinedError
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.pause import Pauses

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.model.rds_database import EventSource
    from aurora_cfn.ports import Clock


def refuse_paused(access: DatabaseAccess, database: Database) -> None:
    """Raise DeclinedError if the database is paused, or may be; one of Aurora DSQL never is."""
    if database.signed:
        return
    if not database.identifier:
        raise DeclinedError(f"whether the database of {database.stack} is paused is not known: no output names its ARN")
    refuse_paused_cluster(access, database.identifier, database.kind)


def refuse_paused_cluster(access: DatabaseAccess, identifier: str, kind: EventSource = "db-cluster") -> None:
    """Raise DeclinedError if the cluster is paused, or may be; instances without one never pause."""
    database = Database("", "", "", identifier=identifier, kind=kind)
    may_wake(access, database, SystemClock(), no_wake=True)


def may_wake(access: DatabaseAccess, database: Database, clock: Clock, *, no_wake: bool) -> None:
    """Say that a paused database is resumed; with `no_wake` raise DeclinedError if it is paused, or may be."""
    if not no_wake:
        info("a paused database is resumed for this (--no-wake refuses)")
        return
    Pauses(access.target.databases, AwsMetrics(access.target.session), clock).refuse_to_wake(database)
