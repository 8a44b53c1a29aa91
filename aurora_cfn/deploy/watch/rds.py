"""What RDS says about a database while CloudFormation sends no events: a cluster takes minutes.

One call gives the status of a cluster, or of all instances of a cluster. A failed call never disturbs the deployment.
CloudFormation's own handlers of clusters and instances ask RDS every 30 seconds (`HandlerConfig` and both
`BaseHandlerStd` of github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds, commit 5a410e8 of
2025-07-25), so they learn later than this module that a database is available.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.rds_database import NEEDS_ACTION, USABLE, Cluster, DatabaseEvent, EventSource, Instance
from aurora_cfn.ports import Clock, Databases

KINDS: dict[str, EventSource] = {"AWS::RDS::DBCluster": "db-cluster", "AWS::RDS::DBInstance": "db-instance"}
OFTEN, SELDOM = 9.0, 20.0
"""Seconds between two looks at RDS: when the next one may be the good one, and when that is not likely yet."""
EARLIEST: dict[EventSource, float] = {"db-cluster": 40.0, "db-instance": 150.0}
"""Seconds that a creation takes at least by experience; before, RDS is asked seldom. Nothing but cost depends on it."""
HANDLER = 90.0
"""Seconds in which CloudFormation notices that a database is ready, with room for three of its looks."""
GONE = "gone"
"""Our word for a database that RDS no longer knows."""


class Phase(Enum):
    """What RDS's words mean for asking CloudFormation."""

    OPEN = "nothing is known"
    BUSY = "a database is being worked on, so the stack cannot end"
    NEAR = "the databases are ready and CloudFormation will notice soon, but there is more to do"
    LAST = "the databases are ready and nothing else is left to do"


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What RDS said of one database: its status, with a percentage where there is one, and its events so far."""

    status: str = ""
    events: tuple[DatabaseEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Working:
    """One database; `identifier` is empty until it has one, `verb` is CREATE, UPDATE, DELETE or IMPORT.

    `began`, `asked_at`, `read_at` (its events) and `ready_at` are seconds of the clock. `busy` says that RDS was seen
    at work: a status that is good before anything has happened tells nothing of an update.
    """

    logical_id: str
    kind: EventSource
    verb: str
    identifier: str
    since: datetime
    began: float
    seen: Glimpse = Glimpse()
    cluster: str = ""
    busy: bool = False
    asked_at: float = float("-inf")
    read_at: float = float("-inf")
    ready_at: float | None = None

    def due(self, now: float, *, last: bool) -> float:
        """When to ask about it next; `last` says that the operation waits for nothing but databases."""
        if self.ready_at is not None and now < self.ready_at + HANDLER:
            return self.ready_at + HANDLER
        if not last or not self.at_work:
            return self.asked_at + SELDOM
        earliest = self.began + (EARLIEST[self.kind] if self.verb == "CREATE" else 0)
        return min(self.asked_at + SELDOM, max(self.asked_at + OFTEN, earliest))

    def told(self, status: str, cluster: str, now: float) -> Working:
        """The same after RDS has told its status, GONE when it does not know it."""
        word = status.partition(" ")[0]
        ready = word == GONE if self.verb == "DELETE" else word in USABLE and (self.busy or self.verb == "CREATE")
        ready_at = (self.ready_at or now) if ready else None
        busy = self.busy or _at_work(word)
        return replace(self, cluster=cluster or self.cluster, busy=busy, asked_at=now, ready_at=ready_at)

    @property
    def at_work(self) -> bool:
        """Whether RDS is at work on it, so that CloudFormation cannot have done with it."""
        return _at_work(self.seen.status.partition(" ")[0])


def _at_work(word: str) -> bool:
    return bool(word) and word not in USABLE and word != GONE and not word.startswith(NEEDS_ACTION)


def begun(event: StackEvent, now: float) -> Working:
    """The row of an event that tells of a database."""
    verb = event.status.partition("_")[0]
    return Working(event.logical_id, KINDS[event.type], verb, event.physical_id, event.at, now)


def phase(rows: list[Working], now: float, *, last: bool) -> Phase:
    """What the rows mean together; those that have no identifier yet count as unknown."""
    if any(row.at_work for row in rows):
        return Phase.BUSY
    if not rows or any(row.ready_at is None or now >= row.ready_at + HANDLER for row in rows):
        return Phase.OPEN
    return Phase.LAST if last else Phase.NEAR


def news(name: str, before: Glimpse, now: Glimpse) -> list[str]:
    """What to show: events that are new, each with its time, and the status when it is another one."""
    known = set(before.events)
    lines = [f"{name}: {event.at:%H:%M:%S} {event.message}" for event in now.events if event not in known]
    if now.status and now.status != before.status:
        lines.append(f"{name}: RDS says {now.status}")
    return lines


QUIET = 6.0
"""Seconds without a stack event after which RDS is asked."""
DIARY = 180.0
"""Seconds after which RDS's events are read although the status is the same."""
PARDON = 40.0
"""Seconds after which RDS is asked again when it did not answer."""

Key = tuple[str, str]


@dataclass(slots=True)
class RdsWatch:
    """Told of every stack event, it says through `tell` what RDS knows when no event has come for a while.

    `expected` names the resources that the operation changes; empty when nobody knows. `calls` counts what was asked.
    """

    databases: Databases
    clock: Clock
    tell: Callable[[str], None]
    expected: frozenset[str] = frozenset()
    calls: int = 0
    _working: dict[Key, Working] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)
    _quiet_at: float = float("inf")
    _pardon: float = float("-inf")
    _denied: bool = False
    _no_diary: bool = False

    def see(self, event: StackEvent) -> None:
        """Remember which databases are being worked on."""
        now = self.clock.monotonic()
        self._quiet_at = now + QUIET
        key = event.stack_arn, event.logical_id
        if event.settled and not event.of_stack:
            self._done.add(event.logical_id)
        if event.type not in KINDS:
            return
        if event.settled:
            self._working.pop(key, None)
        elif key not in self._working:
            self._working[key] = begun(event, now)
        elif event.physical_id:
            self._working[key] = replace(self._working[key], identifier=event.physical_id)

    def remember(self, past: Iterable[StackEvent]) -> None:
        """Know what events have told that came before anybody watched."""
        for event in past:
            self.see(event)

    @property
    def phase(self) -> Phase:
        """What RDS's words mean for asking CloudFormation now."""
        now = self.clock.monotonic()
        if self._denied or now < self._quiet_at or now < self._pardon:
            return Phase.OPEN
        return phase(list(self._working.values()), now, last=self._last)

    @property
    def due(self) -> float:
        """The moment of the clock at which RDS wants to be asked; infinity when there is nothing to ask."""
        return self._earliest(last=self._last)

    @property
    def overdue(self) -> float:
        """The moment at which RDS is to be asked even when calls have become scarce."""
        return self._earliest(last=False)

    def _earliest(self, *, last: bool) -> float:
        now = self.clock.monotonic()
        moments = [row.due(now, last=last) for row in self._working.values() if row.identifier]
        if self._denied or not moments:
            return float("inf")
        return max(min(moments), self._quiet_at, self._pardon)

    def look(self) -> None:
        """Ask about the next database when it is time to, and tell what is new."""
        now = self.clock.monotonic()
        if now < self.due:
            return
        rows = {key: row for key, row in self._working.items() if row.identifier}
        key = min(rows, key=lambda key: rows[key].due(now, last=self._last))
        try:
            self._ask(key, self._together(key))
        except AwsError as error:
            self._bear(error)

    @property
    def _last(self) -> bool:
        """Whether the operation waits for nothing but databases, as far as anybody knows."""
        return self.expected <= self._done | {row.logical_id for row in self._working.values()}

    def _together(self, key: Key) -> list[Key]:
        """The database and those that one call tells of with it: the other instances of its cluster."""
        one = self._working[key]
        same = [other for other, row in self._working.items() if row.cluster and row.cluster == one.cluster]
        return same if one.kind == "db-instance" and len(same) > 1 else [key]

    def _ask(self, key: Key, together: list[Key]) -> None:
        self.calls += 1
        if len(together) > 1:
            found = {row.identifier: row for row in self.databases.members(self._working[key].cluster)}
            for one in together:
                self._told(one, found.get(self._working[one].identifier))
            return
        row = self._working[key]
        single = row.kind == "db-instance"
        self._told(key, self.databases.instance(row.identifier) if single else self.databases.cluster(row.identifier))

    def _told(self, key: Key, found: Cluster | Instance | None) -> None:
        now, row, status, cluster = self.clock.monotonic(), self._working[key], GONE, ""
        if isinstance(found, Instance):
            status, cluster = found.status, found.cluster
        elif found is not None:
            status = f"{found.status} {found.progress} %" if found.progress else found.status
        elif row.verb != "DELETE":
            status = ""
        self._working[key] = row.told(status, cluster, now)
        diary = row.seen.events
        if status != row.seen.status or now >= row.read_at + DIARY:
            diary = self._diary(key, now)
        glimpse = Glimpse(status, diary)
        for line in news(f"{row.logical_id} ({row.identifier})", row.seen, glimpse):
            self.tell(line)
        self._working[key] = replace(self._working[key], seen=glimpse)

    def _diary(self, key: Key, now: float) -> tuple[DatabaseEvent, ...]:
        """RDS's own events of the database; those that are known when RDS does not answer."""
        row = self._working[key] = replace(self._working[key], read_at=now)
        if self._no_diary:
            return row.seen.events
        self.calls += 1
        try:
            return tuple(self.databases.events(row.kind, row.identifier, since=row.since))
        except AwsError as error:
            if error.denied:
                self._no_diary = True
                self.tell("what RDS notes of it is not shown: needs rds:DescribeEvents")
            return row.seen.events

    def _bear(self, error: AwsError) -> None:
        self._pardon = self.clock.monotonic() + PARDON
        if error.denied:
            self._denied = True
            self.tell(f"RDS is not asked how far it is: needs rds:{error.operation}")
