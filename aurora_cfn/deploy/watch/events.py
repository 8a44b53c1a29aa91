"""The events of a stack and its nested stacks: each once, and which of them belong to our operation.

Our operation is known by its token and by the operation id that AWS gives its events, never by a clock. It starts after
the newest event seen before the call; between that and the call another operation may have begun and ended. Once ours
has begun, no other can begin before it has ended, so all later events belong to it: a rollback or a cancellation from
the console has a token and an id of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias

from aurora_cfn.deploy.stack_status import IN_REVIEW, STARTED
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.stack import ROLLING_BACK_SUFFIX
from aurora_cfn.ports import CloudFormation

Side: TypeAlias = Literal["unknown", "ours", "theirs"]


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """Which operation the root stack's events belong to; with an empty `token` every event is taken as ours.

    `others` are the ids of operations that this run did not start.
    """

    token: str = ""
    side: Side = "unknown"
    others: frozenset[str] = frozenset()

    def admits(self, event: StackEvent) -> bool:
        """Whether the event is ours. An event without a token, as emulators send, belongs where the last one did."""
        if not self.token:
            return True
        # Only in this order: a rollback that AWS starts by itself has an id of its own, and belongs to our operation.
        if event.operation_id in self.others:
            return False
        if self.side == "ours" or self._is_ours(event):
            return True
        return not event.token and self.side == "unknown"

    def after(self, event: StackEvent) -> OperationFilter:
        """What is known once the event was read too."""
        if self.side == "ours" or self._is_ours(event):
            return replace(self, side="ours")
        if not event.token and self.side == "unknown":
            return self
        others = self.others | {event.operation_id} if event.operation_id else self.others
        # Once the other operation has ended the next one may be ours again.
        over = event.of_stack and event.settled
        return replace(self, side="unknown" if over else "theirs", others=others)

    def _is_ours(self, event: StackEvent) -> bool:
        """Our token, or our token with the suffix of another call of the same run, such as `-cancel`."""
        return event.token == self.token or event.token.startswith(f"{self.token}-")


@dataclass(slots=True)
class _Followed:
    """One stack of the tree: `since` is its newest event seen; `not_before`, of a nested stack, is when its parent
    began with it. `awake` is false once it has ended.
    """

    arn: str
    since: str | None
    not_before: datetime | None = None
    awake: bool = True


@dataclass(slots=True)
class EventTree:
    """The events after `since`; `end` is the root stack's event that ended our operation, None until it was read.

    A nested stack is read from the time of its parent's first event about it. Once it has ended, it is read again only
    after its parent has another event about it. `early_ends` are statuses of the root stack at which the operation
    counts as ended although it continues. `calls` counts the calls made.
    """

    cloudformation: CloudFormation
    root: str
    since: str | None
    see: Callable[[StackEvent], None]
    belonging: OperationFilter = field(default_factory=OperationFilter)
    early_ends: frozenset[str] = frozenset()
    end: StackEvent | None = None
    calls: int = 0
    _followed: dict[str, _Followed] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def read(self, *, everyone: bool = False) -> bool:
        """Whether there was a new event; newly found nested stacks are read in the same call. Raises AwsError.

        `everyone` reads nested stacks that have ended too.
        """
        self._followed.setdefault(self.root, _Followed(self.root, self.since))
        waiting = [one for one in self._followed.values() if one.awake or everyone]
        news = False
        while waiting:
            fresh = self._read(waiting.pop(0))
            waiting += self._nested(fresh)
            news = news or bool(fresh)
        return news

    def take_over(self, past: Sequence[StackEvent]) -> None:
        """Take over events that were read before: they are not shown again, and their nested stacks are read too."""
        self._followed.setdefault(self.root, _Followed(self.root, self.since))
        self._seen.update(event.id for event in past)
        self._nested(past)

    @property
    def nested(self) -> bool:
        """Whether there are stacks below the root."""
        return len(self._followed) > 1

    def _read(self, one: _Followed) -> list[StackEvent]:
        # Counted before the call: a call that fails is one against AWS's limit too.
        self.calls += 1
        events = self.cloudformation.events(one.arn, since=one.since)
        if events:
            one.since = events[-1].id
        fresh = [event for event in events if self._admits(event, one)]
        for event in fresh:
            self._seen.add(event.id)
            self.see(event)
            if one.not_before is not None and event.of_stack:
                one.awake = not event.settled
        return fresh

    def _admits(self, event: StackEvent, one: _Followed) -> bool:
        # REVIEW_IN_PROGRESS is the event of CreateChangeSet, from before the operation.
        if event.id in self._seen or event.status == IN_REVIEW:
            return False
        return self._of_root(event) if event.stack_arn == self.root else _touched(event, one)

    def _of_root(self, event: StackEvent) -> bool:
        # What comes after the end is of another operation, which may begin at once.
        if self.end is not None and self.end.settled:
            return False
        ours = self.belonging.admits(event)
        self.belonging = self.belonging.after(event)
        if ours and event.of_stack and (event.settled or event.status in self.early_ends):
            self.end = event
        return ours

    def _nested(self, events: Iterable[StackEvent]) -> list[_Followed]:
        """Stacks to read next: newly found ones, and those that had ended and work again."""
        found = []
        for event in events:
            arn = event.nested_stack
            known = self._followed.get(arn)
            # The parent's event has the ARN of a nested stack as physical id, before that stack has an event itself.
            if arn and known is None:
                found.append(self._followed.setdefault(arn, _Followed(arn, None, event.at)))
            elif known is not None and not known.awake and not event.settled:
                known.awake = True
                found.append(known)
        return found


def _touched(event: StackEvent, one: _Followed) -> bool:
    return one.not_before is None or event.at >= one.not_before


BY_HAND = "User Initiated"
"""Reason of the event that starts an operation or a requested rollback; an automatic rollback has another one."""


def last_operation(events: Sequence[StackEvent]) -> list[StackEvent]:
    """The events of the newest operation, its rollback included; all of them when no beginning is known."""
    # Backwards: the history of a stack may have thousands of events, and the last operation is at its end.
    for number in range(len(events) - 1, -1, -1):
        event = events[number]
        if event.of_stack and (event.status in STARTED or _is_repair(event)):
            return list(events[number:])
    return list(events)


def ended(events: Sequence[StackEvent]) -> StackEvent | None:
    """The event that ended the operation, None while it runs."""
    return next((event for event in reversed(events) if event.of_stack and event.settled), None)


def _is_repair(event: StackEvent) -> bool:
    return event.status.endswith(ROLLING_BACK_SUFFIX) and event.reason == BY_HAND
