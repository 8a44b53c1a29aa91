"""A listener for worker threads that has the main thread do the talking."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.deploy.engine import Listener
from aurora_cfn.deploy.schedule import Desk
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackResult


@dataclass(frozen=True, slots=True)
class Relay:
    """Leaves every call at the desk, in order, without waiting."""

    desk: Desk
    listener: Listener

    def step(self, key: str, text: str) -> None:
        """Something began or was found."""
        self.desk.post(lambda: self.listener.step(key, text))

    def warn(self, key: str, text: str) -> None:
        """Something that a person should know."""
        self.desk.post(lambda: self.listener.warn(key, text))

    def started(self, key: str, resources: int) -> None:
        """The change set is being executed."""
        self.desk.post(lambda: self.listener.started(key, resources))

    def event(self, key: str, event: StackEvent) -> None:
        """One event."""
        self.desk.post(lambda: self.listener.event(key, event))

    def ended(self, result: StackResult) -> None:
        """The stack is done with."""
        self.desk.post(lambda: self.listener.ended(result))
