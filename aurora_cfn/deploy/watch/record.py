"""The events of a watched operation, kept and passed on to the listener and to the watch on RDS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aurora_cfn.deploy.context import Listener
from aurora_cfn.model.event import StackEvent

if TYPE_CHECKING:
    from aurora_cfn.deploy.watch.rds import RdsWatch


@dataclass(frozen=True, slots=True)
class Record:
    """The events of the operation on the stack of that key."""

    listener: Listener
    key: str
    events: list[StackEvent] = field(default_factory=list)

    def add(self, event: StackEvent) -> None:
        """Keep the event and show it."""
        self.events.append(event)
        self.listener.event(self.key, event)


@dataclass(frozen=True, slots=True)
class WatchedRecord:
    """The same while the operation is watched: each event is passed on to the watch on RDS too."""

    record: Record
    rds_watch: RdsWatch | None

    def add(self, event: StackEvent) -> None:
        """Keep the event and show it; RDS is called again only after a while without events."""
        self.record.add(event)
        if self.rds_watch is not None:
            self.rds_watch.see(event)
