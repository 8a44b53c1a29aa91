"""Following an operation by its events until the stack itself says that it has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from aurora_cfn.deploy.crowd import Crowd
from aurora_cfn.deploy.pace import Pace
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.ports import Clock, CloudFormation

_ENDED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
LOST = _ENDED | {"NoCredentialsError", "CredentialRetrievalError", "MfaCodeNeeded"}
"""AWS codes after which asking again cannot help."""


@dataclass(slots=True)
class _Followed:
    """One stack of the tree: the newest event seen, and for a nested one the moment that it was touched."""

    arn: str
    since: str | None
    not_before: datetime | None = None


@dataclass(slots=True)
class Watcher:
    """Reads the events of a stack and its nested stacks, each event once, from the event `since` on.

    `stopping` is asked before each question, and `quiet` is called after each round that did not end it; a failed
    read never fails the operation that is watched. `crowd` is who else watches in this run.
    """

    cloudformation: CloudFormation
    clock: Clock
    stack_arn: str
    since: str | None
    see: Callable[[StackEvent], None]
    trouble: Callable[[str], None]
    stopping: Callable[[], bool] = lambda: False
    quiet: Callable[[], None] = lambda: None
    pace: Pace = field(default_factory=Pace)
    crowd: Crowd = field(default_factory=Crowd)
    _followed: dict[str, _Followed] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def until_end(self) -> StackEvent:
        """The event that ends the operation. Raises BusyError when told to stop or when the credentials are gone."""
        self._followed[self.stack_arn] = _Followed(self.stack_arn, self.since)
        while True:
            if self.stopping():
                raise BusyError("still running: stopped watching, the operation goes on")
            try:
                fresh = self._read_all()
            except AwsError as error:
                self._bear(error)
                continue
            end = next((event for event in fresh if self._ends(event)), None)
            if end is not None:
                return end
            self.quiet()
            self.clock.sleep(self.crowd.widened(self.pace.after(news=bool(fresh))))

    def _ends(self, event: StackEvent) -> bool:
        return event.of_stack and event.stack_arn == self.stack_arn and event.settled

    def _read_all(self) -> list[StackEvent]:
        """Fresh events of the whole tree; a nested stack that they name is read in the same round."""
        fresh: list[StackEvent] = []
        waiting = list(self._followed.values())
        while waiting:
            one = waiting.pop(0)
            events = self._read(one)
            fresh += events
            waiting += self._nested(events)
        return fresh

    def _read(self, one: _Followed) -> list[StackEvent]:
        events = self.cloudformation.events(one.arn, since=one.since)
        if events:
            one.since = events[-1].id
        fresh = [event for event in events if self._is_fresh(event, one)]
        for event in fresh:
            self._seen.add(event.id)
            self.see(event)
        return fresh

    def _is_fresh(self, event: StackEvent, one: _Followed) -> bool:
        if event.id in self._seen or event.status == "REVIEW_IN_PROGRESS":
            return False
        return one.not_before is None or event.at >= one.not_before

    def _nested(self, events: Iterable[StackEvent]) -> list[_Followed]:
        found = []
        for event in events:
            arn = event.nested_stack
            if arn and arn not in self._followed:
                self._followed[arn] = _Followed(arn, None, event.at)
                found.append(self._followed[arn])
        return found

    def _bear(self, error: AwsError) -> None:
        if error.code in LOST:
            raise BusyError(f"still running, but no longer watched: {error}") from error
        self.trouble(str(error))
        self.clock.sleep(self.pace.after_trouble())
