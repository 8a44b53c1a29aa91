"""Reads an environment again and again: stacks in each round, everything else only as often as it can be new.

No call reaches a database, so that a paused one stays paused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from aurora_cfn.errors import AwsError
from aurora_cfn.model.branch import Branch
from aurora_cfn.model.database_metrics import Point, Series
from aurora_cfn.model.environment_view import DatabaseView, EnvironmentView, WatchedStack
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.rds_database import DatabaseEvent
from aurora_cfn.model.rows import Database
from aurora_cfn.model.stack import Stack
from aurora_cfn.operate.database_events import database_events
from aurora_cfn.operate.metrics.reader import Known, MetricsReader, known_databases
from aurora_cfn.ports import Clock

ONCE_A_MINUTE = 60.0
"""Seconds between two reads of metrics, which have a point a minute and are paid, and of the ends of branches."""
NEWEST = timedelta(minutes=10)
"""The oldest point that counts as now: CloudWatch is up to three minutes late."""
EVENTS = 20
"""Events of each stack that are kept."""
PAST = timedelta(days=1)
"""How far back events of RDS are read."""

Found = TypeVar("Found")


class WatchedStacks(Protocol):
    """What is read of CloudFormation."""

    def root_stacks(self) -> Sequence[Stack]:
        """The stacks of the account, without nested ones."""

    def recent_events(self, stack: str) -> Sequence[StackEvent]:
        """The newest events of the stack, one call, oldest first."""


@dataclass(slots=True)
class EnvironmentWatch:
    """The rounds of one command. `keys` are the keys of the stacks by their names.

    `find` gives the databases in RDS, `branches` those among the stacks of the account; both may call AWS. `about` are
    notes of every view.
    """

    environment: str
    region: str
    keys: Mapping[str, str]
    cloudformation: WatchedStacks
    metrics: MetricsReader
    clock: Clock
    find: Callable[[], Sequence[Database]]
    branches: Callable[[Sequence[Stack]], tuple[Branch, ...]]
    about: tuple[str, ...] = ()
    _states: dict[str, tuple[str, datetime | None]] = field(default_factory=dict)
    _databases: Sequence[Database] = ()
    _points: dict[str, tuple[Series, ...]] = field(default_factory=dict)
    _branches: tuple[Branch, ...] = ()
    _events: dict[str, Sequence[StackEvent]] = field(default_factory=dict)
    _of_rds: Sequence[tuple[str, DatabaseEvent]] = ()
    _minute: float = float("-inf")
    _notes: list[str] = field(default_factory=list)

    def round(self) -> EnvironmentView:
        """One look at everything that may be new. Raises AwsError where stacks cannot be listed."""
        self._notes = [*self.about]
        listed = self.cloudformation.root_stacks()
        by_name = {row.name: row for row in listed if row.exists}
        stacks = tuple(WatchedStack(key, by_name.get(name)) for name, key in self.keys.items())
        there = [row for row in stacks if row.stack is not None]
        # Databases and events can be new only where a stack has changed or is changing.
        changed = [row for row in there if row.stack and self._is_new(row.stack)]
        now = self.clock.monotonic()
        gone = any(row.stack is None and row.key in self._states for row in stacks)
        if changed or gone:
            self._databases = self._tried("databases", self.find, ())
        for row in changed:
            assert row.stack is not None
            arn, before = row.stack.arn, self._events.get(row.key, ())
            self._events[row.key] = self._tried("events", partial(self._recent, arn), before)
        known: list[Known] = self._tried("RDS", partial(known_databases, self.metrics.rds, self._databases), [])
        if changed or now >= self._minute + ONCE_A_MINUTE:
            self._minute = now
            self._branches = self._tried("branches", lambda: self.branches(listed), self._branches)
            self._points = self._tried("metrics", lambda: self._newest_series(known), self._points)
            since = self.clock.now() - PAST
            read = partial(database_events, self.metrics.rds, known, since)
            self._of_rds = self._tried("events of RDS", read, self._of_rds)
        self._states = {row.key: (row.stack.status, row.stack.updated) for row in there if row.stack}
        return EnvironmentView(
            self.environment, self.region, self.clock.now(), stacks,
            tuple(self._database(row) for row in known), self._branches, self._newest(), tuple(self._notes),
        )  # fmt: skip

    def _is_new(self, stack: Stack) -> bool:
        return stack.busy or self._states.get(self.keys[stack.name]) != (stack.status, stack.updated)

    def _recent(self, arn: str) -> Sequence[StackEvent]:
        return self.cloudformation.recent_events(arn)[-EVENTS:]

    def _newest_series(self, known: Sequence[Known]) -> dict[str, tuple[Series, ...]]:
        found = self.metrics.read(known, self.clock.now() - NEWEST, 60, ("capacity", "connections"))
        return {row.database: row.series for row in found}

    def _tried(self, what: str, read: Callable[[], Found], before: Found) -> Found:
        """What was read, or what was known before, with a note."""
        try:
            return read()
        except AwsError as error:
            self._notes.append(f"{what}: {error}")
            return before

    def _database(self, known: Known) -> DatabaseView:
        name = known.database.identifier or known.database.stack
        series = self._points.get(name, ())
        now = self.clock.now()
        capacity, at = _summed([row for row in series if row.name == "capacity"], now)
        connections, seen = _summed([row for row in series if row.name == "connections"], now)
        if capacity == 0 and at and seen and seen > at:
            # It was resumed after that point: a paused instance counts no connections.
            capacity, at = None, None
        if capacity == 0:
            # Those of the minutes before the pause.
            connections = None
        cluster = known.cluster
        status = cluster.status if cluster else "" if known.database.identifier else "Aurora DSQL"
        limits = cluster.capacity if cluster else None
        return DatabaseView(name, status, capacity, limits, connections, at or seen)

    def _newest(self) -> tuple[tuple[str, StackEvent | DatabaseEvent], ...]:
        every: list[tuple[str, StackEvent | DatabaseEvent]] = [
            (key, event) for key, events in self._events.items() for event in events
        ]
        every += [(self.keys.get(stack, stack), event) for stack, event in self._of_rds]
        return tuple(sorted(every, key=lambda row: row[1].at)[-EVENTS:])


def _summed(series: Sequence[Series], now: datetime) -> tuple[float | None, datetime | None]:
    """The sum of the newest points of the instances, and the time of the newest; None without any."""
    points: list[Point] = [row.points[-1] for row in series if row.points and row.points[-1].at >= now - NEWEST]
    if not points:
        return None, None
    return sum(point.value for point in points), max(point.at for point in points)
