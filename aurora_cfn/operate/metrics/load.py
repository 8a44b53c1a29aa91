"""Reads the load of databases, in average active sessions, from Performance Insights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aurora_cfn.errors import InputError
from aurora_cfn.model.database_metrics import DatabaseMetrics, Series
from aurora_cfn.model.rds_database import Instance
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.metrics.wanted import INSTANCE
from aurora_cfn.ports import Clock, Databases
from aurora_cfn.ports.observations import DatabaseLoad

LOAD = "load"
DSQL = "load: Aurora DSQL has no Performance Insights"
EMULATED = "load: not emulated"
SESSIONS = "; `aurora-cfn inspect ps` shows the sessions of the real server"
SHORT = timedelta(minutes=1)
"""The oldest data are left out, which are gone when the call arrives."""


@dataclass(frozen=True, slots=True)
class LoadReader:
    """Reads the load of instances."""

    rds: Databases
    insights: DatabaseLoad
    clock: Clock

    def of(self, databases: Sequence[Database], period: int) -> Callable[[datetime], list[DatabaseMetrics]]:
        """A function that reads the load of the databases since a moment.

        Raises InputError if Performance Insights is off for all instances.
        """
        rows = [(database, self._instances(database)) for database in databases]
        members = [one for _, instances in rows for one in instances]
        if members and not any(one.insights_days for one in members):
            raise InputError(_off(members))
        return lambda since: [self._of_database(database, instances, since, period) for database, instances in rows]

    def _instances(self, database: Database) -> Sequence[Instance]:
        if not database.identifier:
            return ()
        if database.kind == INSTANCE:
            found = self.rds.instance(database.identifier)
            return [found] if found else ()
        return self.rds.members(database.identifier)

    def _of_database(
        self, database: Database, instances: Sequence[Instance], since: datetime, period: int
    ) -> DatabaseMetrics:
        now = self.clock.now()
        if not database.identifier:
            return not_known(database, since, now, period)
        watched = [one for one in instances if one.insights_days]
        notes = [_off(off)] if (off := [one for one in instances if not one.insights_days]) else []
        days = min((one.insights_days for one in watched), default=0)
        if watched and since < now - timedelta(days=days):
            since = now - timedelta(days=days) + SHORT
            notes.append(
                f"load: Performance Insights keeps {days} days here (the parameter DatabaseInsights of our templates: "
                "7 with standard, 465 with advanced)"
            )
        series = tuple(
            Series(LOAD, one.identifier, "average active sessions", row.points, row.by, row.name)
            for one in watched
            for row in self.insights.active_sessions(one.endpoint.resource_id, since=since, until=now, period=period)
        )
        return DatabaseMetrics(database.stack, database.identifier, since, now, period, series, notes=tuple(notes))


def not_known(database: Database, since: datetime, until: datetime, period: int) -> DatabaseMetrics:
    """A database whose load is not known, since it is Aurora DSQL or of the emulator, with the reason."""
    name = database.identifier or database.stack
    reason = DSQL if not database.identifier else EMULATED + (SESSIONS if database.engine == "postgresql" else "")
    return DatabaseMetrics(database.stack, name, since, until, period, notes=(reason,))


def _off(instances: Sequence[Instance]) -> str:
    """What to do for instances without Performance Insights."""
    names = ", ".join(one.identifier for one in instances)
    where = (
        "PerformanceInsightsEnabled: true of its AWS::RDS::DBCluster"
        if instances[0].cluster
        else "EnablePerformanceInsights: true of its AWS::RDS::DBInstance"
    )
    return (
        f"Performance Insights is off for {names}, so that its load is not known: set {where} and deploy (the "
        "templates of aurora-cfn always have it on: `aurora-cfn drift` shows a change by hand)"
    )
