"""A database that CloudFormation works on: what RDS has said of it, when to ask again, and what that means.

CloudFormation's own handlers of clusters and instances look at RDS every 30 seconds (`HandlerConfig` and both
`BaseHandlerStd` of github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds, commit 5a410e8 of
2025-07-25; before, they wanted several good looks in a row). So they learn later than we that a database is ready, and
no stack ends before its databases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from aurora_cfn.model.database import HOPELESS, USABLE, DatabaseEvent, EventSource
from aurora_cfn.model.event import StackEvent

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
    return bool(word) and word not in USABLE and word != GONE and not word.startswith(HOPELESS)


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
