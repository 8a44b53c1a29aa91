"""What RDS says while CloudFormation is silent: a cluster takes minutes, and its own service knows how far it is.

One call tells the status of a cluster, or of all instances of a cluster. No failure here ever disturbs the deployment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from aurora_cfn.deploy.working import GONE, KINDS, Glimpse, Phase, Working, begun, news, phase
from aurora_cfn.errors import AwsError
from aurora_cfn.model.database import Cluster, DatabaseEvent, Instance
from aurora_cfn.model.event import StackEvent
from aurora_cfn.ports import Clock, Databases

QUIET = 6.0
"""Seconds without a stack event after which RDS is asked."""
DIARY = 180.0
"""Seconds after which RDS's events are read although the status is the same."""
PARDON = 40.0
"""Seconds after which RDS is asked again when it did not answer."""
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})

Key = tuple[str, str]


@dataclass(slots=True)
class Silence:
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
            if error.code in DENIED:
                self._no_diary = True
                self.tell("what RDS notes of it is not shown: needs rds:DescribeEvents")
            return row.seen.events

    def _bear(self, error: AwsError) -> None:
        self._pardon = self.clock.monotonic() + PARDON
        if error.code in DENIED:
            self._denied = True
            self.tell(f"RDS is not asked how far it is: needs rds:{error.operation}")
