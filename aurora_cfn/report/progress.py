"""How far a stack is, from its events: what is done, what is worked on since when, and what is nested in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from aurora_cfn.model.event import StackEvent
from aurora_cfn.report.tree import Branch

Resource = tuple[str, str]
"""ARN of the stack, logical id."""


@dataclass(slots=True)
class Progress:
    """One stack on its way; `total` is how many resources its change set names, 0 when that is not known.

    `began` and every `now` are seconds of one clock. How long a resource takes is counted in the time of its events,
    and goes on with that clock after the newest of them: so neither a wrong clock nor a late look spoils it.
    """

    key: str
    total: int = 0
    began: float = 0.0
    status: str = ""
    _root: str = ""
    _done: set[Resource] = field(default_factory=set)
    _working: dict[Resource, StackEvent] = field(default_factory=dict)
    _since: dict[Resource, datetime] = field(default_factory=dict)
    _newest: tuple[datetime, float] | None = None

    def take(self, event: StackEvent, now: float) -> None:
        """Count one event; the first one is the stack's own."""
        self._root = self._root or event.stack_arn
        if self._newest is None or event.at > self._newest[0]:
            self._newest = event.at, now
        if event.of_stack:
            self.status = event.status if event.stack_arn == self._root else self.status
            return
        resource = event.stack_arn, event.logical_id
        if event.settled:
            self._working.pop(resource, None)
            self._since.pop(resource, None)
            self._done.add(resource)
        else:
            self._working[resource] = event
            self._since.setdefault(resource, event.at)

    @property
    def done(self) -> int:
        """Resources of the stack itself that are settled, never more than the total when there is one."""
        count = self._settled_in(self._root)
        return min(count, self.total) if self.total else count

    @property
    def share(self) -> str:
        """`3/9`, or `3` when the total is not known."""
        return f"{self.done}/{self.total}" if self.total else str(self.done)

    def branch(self, now: float) -> Branch:
        """The stack with what is in progress in it, the oldest first."""
        done = self.share if self.total else f"{self.done} done"
        return Branch(self.key, now - self.began, f"{done}  {self.status}".rstrip(), self._below(self._root, now))

    def _below(self, stack_arn: str, now: float) -> tuple[Branch, ...]:
        """Resources of that stack; a nested stack has its own below it."""
        found = [row for (arn, _), row in self._working.items() if arn == stack_arn]
        return tuple(self._one(row, now) for row in found)

    def _one(self, event: StackEvent, now: float) -> Branch:
        seconds = self._seconds((event.stack_arn, event.logical_id), now)
        nested = event.nested_stack
        if not nested:
            return Branch(event.logical_id, seconds, f"{event.status}  {event.type}")
        told = f"{self._settled_in(nested)} of {self._begun_in(nested)} begun  {event.status}"
        return Branch(event.logical_id, seconds, told, self._below(nested, now))

    def _seconds(self, resource: Resource, now: float) -> float:
        assert self._newest is not None
        newest, seen = self._newest
        return (newest - self._since[resource]).total_seconds() + now - seen

    def _begun_in(self, stack_arn: str) -> int:
        """Resources of a nested stack that were worked on so far: how many there will be is in no change set."""
        return sum(arn == stack_arn for arn, _ in self._done | self._working.keys())

    def _settled_in(self, stack_arn: str) -> int:
        return sum(arn == stack_arn for arn, _ in self._done)
