"""What RDS says while CloudFormation is silent: a cluster takes minutes, and its own service knows how far it is.

One database is asked at a time, rarely, so that watching stays cheap; no failure here ever disturbs the deployment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aurora_cfn.errors import AwsError
from aurora_cfn.model.database import DatabaseEvent, EventSource
from aurora_cfn.model.event import StackEvent
from aurora_cfn.ports import Clock, Databases

KINDS: dict[str, EventSource] = {"AWS::RDS::DBCluster": "db-cluster", "AWS::RDS::DBInstance": "db-instance"}
QUIET = 15.0
"""Seconds without a stack event after which RDS is asked."""
EVERY = 40.0
"""Seconds between two looks; each is two calls about one database."""
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What RDS said of one database: its status, with a percentage where there is one, and its events so far."""

    status: str = ""
    events: tuple[DatabaseEvent, ...] = ()


def news(name: str, before: Glimpse, now: Glimpse) -> list[str]:
    """What to show: events that are new, each with its time, and the status when it is another one."""
    known = set(before.events)
    lines = [f"{name}: {event.at:%H:%M:%S} {event.message}" for event in now.events if event not in known]
    if now.status and now.status != before.status:
        lines.append(f"{name}: RDS says {now.status}")
    return lines


@dataclass(frozen=True, slots=True)
class _Working:
    """A database that CloudFormation works on; `identifier` is empty until it has one."""

    logical_id: str
    kind: EventSource
    identifier: str
    since: datetime
    seen: Glimpse = Glimpse()


@dataclass(slots=True)
class Silence:
    """Told of every stack event, it says through `tell` what RDS knows when no event has come for a while."""

    databases: Databases
    clock: Clock
    tell: Callable[[str], None]
    _working: dict[tuple[str, str], _Working] = field(default_factory=dict)
    _news_at: float | None = None
    _asked_at: float = float("-inf")
    _denied: bool = False

    def see(self, event: StackEvent) -> None:
        """Remember which databases are being worked on."""
        self._news_at = self.clock.monotonic()
        key = event.stack_arn, event.logical_id
        if event.type not in KINDS:
            return
        if event.settled:
            self._working.pop(key, None)
        elif key not in self._working:
            self._working[key] = _Working(event.logical_id, KINDS[event.type], event.physical_id, event.at)
        elif event.physical_id:
            self._working[key] = replace(self._working[key], identifier=event.physical_id)

    def look(self) -> None:
        """Called after every round without news: asks about the next database when it is time to."""
        now = self.clock.monotonic()
        quiet = self._news_at is not None and now - self._news_at >= QUIET
        key = next((key for key, row in self._working.items() if row.identifier), None)
        if self._denied or not quiet or key is None or now - self._asked_at < EVERY:
            return
        self._asked_at = now
        row = self._working.pop(key)
        # Asked about last from now on, so that every database has its turn.
        self._working[key] = self._glimpsed(row)

    def _glimpsed(self, row: _Working) -> _Working:
        try:
            now = Glimpse(self._status(row), tuple(self._events(row)))
        except AwsError as error:
            if error.code in DENIED:
                self._denied = True
                self.tell(f"RDS is not asked how far it is: needs rds:{error.operation}")
            return row
        for line in news(f"{row.logical_id} ({row.identifier})", row.seen, now):
            self.tell(line)
        return replace(row, seen=now)

    def _status(self, row: _Working) -> str:
        if row.kind == "db-instance":
            instance = self.databases.instance(row.identifier)
            return instance.status if instance else ""
        cluster = self.databases.cluster(row.identifier)
        if cluster is None:
            return ""
        return f"{cluster.status} {cluster.progress} %" if cluster.progress else cluster.status

    def _events(self, row: _Working) -> Iterator[DatabaseEvent] | Sequence[DatabaseEvent]:
        return self.databases.events(row.kind, row.identifier, since=row.since)
