"""The status of databases in RDS while CloudFormation sends no events: creating a cluster takes minutes.

One call gives the status of a cluster, or of all instances of a cluster. A failed call never disturbs the deployment.
CloudFormation's own handlers of clusters and instances read the status every 30 seconds (`HandlerConfig` and both
`BaseHandlerStd` of github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds, commit 5a410e8 of
2025-07-25), so they notice later than this module that a database is available.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from aurora_cfn.deploy.watch.pace import Phase
from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.rds_database import NEEDS_ACTION, USABLE, Cluster, DatabaseEvent, EventSource, Instance
from aurora_cfn.ports import Clock, Databases

KINDS: dict[str, EventSource] = {"AWS::RDS::DBCluster": "db-cluster", "AWS::RDS::DBInstance": "db-instance"}
OFTEN, SELDOM = 9.0, 20.0
"""Seconds between two calls to RDS: when the database may be ready by now, and when that is not likely yet."""
EARLIEST: dict[EventSource, float] = {"db-cluster": 40.0, "db-instance": 150.0}
"""Seconds that a creation takes at least, by experience; until then RDS is called every SELDOM seconds. A wrong value
costs calls or seconds, nothing else."""
HANDLER = 90.0
"""Seconds after which CloudFormation has surely noticed that a database is ready: three intervals of its handler."""
GONE = "gone"
"""The status, in our word, of a database that RDS does not find."""


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """What RDS last said about one database: its status, with a percentage where there is one, and its events."""

    status: str = ""
    events: tuple[DatabaseEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Working:
    """One database that the operation works on; `identifier` is empty until the events give it.

    `verb` is CREATE, UPDATE, DELETE or IMPORT. `began`, `asked_at`, `read_at` (of its events) and `ready_at` are
    seconds of the clock. `busy` is true once RDS had a status such as `modifying`: before that, `available` can still
    be the status from before an update.
    """

    logical_id: str
    kind: EventSource
    verb: str
    identifier: str
    since: datetime
    began: float
    seen: DatabaseStatus = DatabaseStatus()
    cluster: str = ""
    busy: bool = False
    asked_at: float = float("-inf")
    read_at: float = float("-inf")
    ready_at: float | None = None

    def due(self, now: float, *, last: bool) -> float:
        """When its status is read next; `last` says that the operation waits for databases only."""
        if self.ready_at is not None and now < self.ready_at + HANDLER:
            return self.ready_at + HANDLER
        if not last or not self.at_work:
            return self.asked_at + SELDOM
        earliest = self.began + (EARLIEST[self.kind] if self.verb == "CREATE" else 0)
        return min(self.asked_at + SELDOM, max(self.asked_at + OFTEN, earliest))

    def with_status(self, status: str, cluster: str, now: float) -> Working:
        """The same database with the status just read, GONE when RDS does not find it."""
        # Without the percentage, such as in `creating 40 %`.
        word = status.partition(" ")[0]
        # After an update `available` counts only once RDS was busy: until then it is the status from before.
        ready = word == GONE if self.verb == "DELETE" else word in USABLE and (self.busy or self.verb == "CREATE")
        # The first time counts: CloudFormation notices within HANDLER seconds of it.
        ready_at = (self.ready_at or now) if ready else None
        busy = self.busy or _at_work(word)
        return replace(self, cluster=cluster or self.cluster, busy=busy, asked_at=now, ready_at=ready_at)

    @property
    def at_work(self) -> bool:
        """Whether RDS is at work on it, so that CloudFormation cannot have finished it."""
        return _at_work(self.seen.status.partition(" ")[0])


def _at_work(word: str) -> bool:
    return bool(word) and word not in USABLE and word != GONE and not word.startswith(NEEDS_ACTION)


def begun(event: StackEvent, now: float) -> Working:
    """The row for an event of a database."""
    verb = event.status.partition("_")[0]
    return Working(event.logical_id, KINDS[event.type], verb, event.physical_id, event.at, now)


def phase(rows: list[Working], now: float, *, last: bool) -> Phase:
    """What the rows mean together; a database without an identifier yet counts as unknown."""
    if any(row.at_work for row in rows):
        return Phase.BUSY
    if not rows or any(row.ready_at is None or now >= row.ready_at + HANDLER for row in rows):
        return Phase.OPEN
    return Phase.LAST if last else Phase.NEAR


def news(name: str, before: DatabaseStatus, now: DatabaseStatus) -> list[str]:
    """The lines to show: new events, each with its time, and the status when it has changed."""
    known = set(before.events)
    lines = [f"{name}: {event.at:%H:%M:%S} {event.message}" for event in now.events if event not in known]
    if now.status and now.status != before.status:
        lines.append(f"{name}: RDS says {now.status}")
    return lines


ASK_RDS_AFTER = 6.0
"""Seconds without a stack event after which RDS is called; while events come, they say enough."""
READ_EVENTS_EVERY = 180.0
"""Seconds after which RDS's events are read although the status is the same."""
RETRY_AFTER = 40.0
"""Seconds without calls to RDS after one that failed."""

Key = tuple[str, str]


@dataclass(slots=True)
class RdsWatch:
    """The databases of one operation: sees every stack event, shows RDS's status when no event comes for a while.

    `show` gets each line. `expected` names the resources that the operation changes, empty when they are unknown.
    `calls` counts the calls made.
    """

    databases: Databases
    clock: Clock
    show: Callable[[str], None]
    expected: frozenset[str] = frozenset()
    calls: int = 0
    _working: dict[Key, Working] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)
    _quiet_at: float = float("inf")
    _retry_at: float = float("-inf")
    _denied: bool = False
    _events_denied: bool = False

    def see(self, event: StackEvent) -> None:
        """Note which databases are being worked on, and which resources are done."""
        now = self.clock.monotonic()
        self._quiet_at = now + ASK_RDS_AFTER
        key = event.stack_arn, event.logical_id
        if event.settled and not event.of_stack:
            self._done.add(event.logical_id)
        if event.type not in KINDS:
            return
        if event.settled:
            self._working.pop(key, None)
        # The first event of a creation has no physical id yet; a later one gives it.
        elif key not in self._working:
            self._working[key] = begun(event, now)
        elif event.physical_id:
            self._working[key] = replace(self._working[key], identifier=event.physical_id)

    def take_over(self, past: Iterable[StackEvent]) -> None:
        """Take over the events from before the watch."""
        for event in past:
            self.see(event)

    @property
    def phase(self) -> Phase:
        """What the statuses in RDS mean for how often CloudFormation is read now."""
        now = self.clock.monotonic()
        if self._denied or now < self._quiet_at or now < self._retry_at:
            return Phase.OPEN
        return phase(list(self._working.values()), now, last=self._last)

    @property
    def due(self) -> float:
        """The time of the clock, in seconds, at which RDS is called next; infinity when there is nothing to read."""
        return self._earliest(last=self._last)

    @property
    def overdue(self) -> float:
        """The time at which RDS is called even when few calls are left in the budget."""
        return self._earliest(last=False)

    def _earliest(self, *, last: bool) -> float:
        now = self.clock.monotonic()
        moments = [row.due(now, last=last) for row in self._working.values() if row.identifier]
        if self._denied or not moments:
            return float("inf")
        return max(min(moments), self._quiet_at, self._retry_at)

    def look(self) -> None:
        """Read the status of the database that is due first, and show what is new; nothing when none is due."""
        now = self.clock.monotonic()
        if now < self.due:
            return
        rows = {key: row for key, row in self._working.items() if row.identifier}
        key = min(rows, key=lambda key: rows[key].due(now, last=self._last))
        try:
            self._ask(key, self._together(key))
        except AwsError as error:
            self._failed(error)

    @property
    def _last(self) -> bool:
        """Whether the operation waits for databases only; true too when `expected` is unknown."""
        return self.expected <= self._done | {row.logical_id for row in self._working.values()}

    def _together(self, key: Key) -> list[Key]:
        """The database and those that the same call describes: the other instances of its cluster."""
        one = self._working[key]
        # The cluster of an instance is known only after its first description.
        same = [other for other, row in self._working.items() if row.cluster and row.cluster == one.cluster]
        return same if one.kind == "db-instance" and len(same) > 1 else [key]

    def _ask(self, key: Key, together: list[Key]) -> None:
        self.calls += 1
        if len(together) > 1:
            found = {row.identifier: row for row in self.databases.members(self._working[key].cluster)}
            for one in together:
                self._update(one, found.get(self._working[one].identifier))
            return
        row = self._working[key]
        single = row.kind == "db-instance"
        found_one = self.databases.instance(row.identifier) if single else self.databases.cluster(row.identifier)
        self._update(key, found_one)

    def _update(self, key: Key, found: Cluster | Instance | None) -> None:
        """Keep and show what RDS answered about the database, None when it does not find it."""
        now, row, status, cluster = self.clock.monotonic(), self._working[key], GONE, ""
        if isinstance(found, Instance):
            status, cluster = found.status, found.cluster
        elif found is not None:
            status = f"{found.status} {found.progress} %" if found.progress else found.status
        elif row.verb != "DELETE":
            # A new database is not visible in RDS at once: that is no news, and it is not gone.
            status = ""
        self._working[key] = row.with_status(status, cluster, now)
        events = row.seen.events
        if status != row.seen.status or now >= row.read_at + READ_EVENTS_EVERY:
            events = self._events(key, now)
        glimpse = DatabaseStatus(status, events)
        for line in news(f"{row.logical_id} ({row.identifier})", row.seen, glimpse):
            self.show(line)
        self._working[key] = replace(self._working[key], seen=glimpse)

    def _events(self, key: Key, now: float) -> tuple[DatabaseEvent, ...]:
        """RDS's own events of the database; those read before when the call fails."""
        row = self._working[key] = replace(self._working[key], read_at=now)
        if self._events_denied:
            return row.seen.events
        self.calls += 1
        try:
            return tuple(self.databases.events(row.kind, row.identifier, since=row.since))
        except AwsError as error:
            if error.denied:
                self._events_denied = True
                self.show("RDS's events are not shown: needs rds:DescribeEvents")
            return row.seen.events

    def _failed(self, error: AwsError) -> None:
        """Call RDS again later, or never when a permission is missing. Other errors are not shown."""
        # No warning: the status in RDS is an extra, and the events of the stack continue being read.
        self._retry_at = self.clock.monotonic() + RETRY_AFTER
        if error.denied:
            self._denied = True
            self.show(f"the status in RDS is not shown: needs rds:{error.operation}")
