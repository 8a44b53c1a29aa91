"""Follow an operation until the stack itself has ended, as its events or DescribeStacks say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from aurora_cfn.deploy.stack_status import DELETED
from aurora_cfn.deploy.watch.events import EventTree
from aurora_cfn.deploy.watch.pace import SHORTEST, Budget, Pace
from aurora_cfn.deploy.watch.rds import Phase, RdsWatch
from aurora_cfn.deploy.watch.turn import Interference, Turn
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.model.stack import BUSY_SUFFIX, Stack
from aurora_cfn.ports import Clock, CloudFormation

EVERY = 120.0
"""Seconds without an event of ours after which the status is asked, and asked again."""
GRACE = 15.0
"""Seconds after the start in which a status that is at rest may still be the one from before."""
REASON = "told by the stack's status: its events do not tell the end"
FORGOTTEN = "CloudFormation no longer knows the stack"


@dataclass(slots=True)
class StatusCheck:
    """The status of one stack; `moved` once anything has shown that the operation is on its way."""

    cloudformation: CloudFormation
    clock: Clock
    stack_arn: str
    moved: bool = False
    calls: int = 0
    _news_at: float = 0.0
    _began: float = 0.0

    def __post_init__(self) -> None:
        self._began = self._news_at = self.clock.monotonic()

    def heard(self) -> None:
        """An event of ours has come."""
        self.moved = True
        self._news_at = self.clock.monotonic()

    @property
    def due(self) -> bool:
        """Whether it has been silent for so long that the status is worth a call."""
        return self.clock.monotonic() - self._news_at >= EVERY

    def end(self) -> StackEvent | None:
        """The end as an event of the root stack when the stack is at rest, None while it works. Raises AwsError."""
        self.calls += 1
        found = self.cloudformation.stack(self.stack_arn)
        now = self._news_at = self.clock.monotonic()
        if found is not None and found.status.endswith(BUSY_SUFFIX):
            self.moved = True
            return None
        if not self.moved and now - self._began < GRACE:
            return None
        return self._event(found)

    def _event(self, found: Stack | None) -> StackEvent:
        arn = self.stack_arn
        name = found.name if found else arn.split("/")[1] if "/" in arn else arn
        status = found.status if found else DELETED
        reason = (found.reason or REASON) if found else FORGOTTEN
        return StackEvent(f"status-{status}", arn, name, name, arn, STACK_TYPE, status, self.clock.now(), reason)


BETWEEN = {Phase.BUSY: 30.0, Phase.NEAR: 5.0, Phase.LAST: 1.8}
"""Seconds between two questions where RDS's words tell more than the pace: when the stack cannot end (a failure
elsewhere is still seen), when CloudFormation is about to notice, and when the stack ends as soon as it does."""
LIVELY = 30.0
"""Seconds after an interference in which nothing that RDS says makes it asked less often."""
RESERVE = 13.0
"""Calls that RDS must leave over for the end."""
LONGEST_TURN = 10.0
"""Seconds after which there is a turn in any case: limits are looked at, and nothing is asked."""
BLIND_AFTER = 3
"""Failed readings in a row after which the status is asked instead."""
GONE_AFTER = 4
"""Failed readings in a row after which an emulator that nobody can reach has ended, and its operations with it."""
TELL_EVERY = 5
"""Of throttled readings in a row, one in so many is told: a single one is nothing to tell a person."""


@dataclass(slots=True)
class Watch:
    """One operation. A failed read never fails it, unless it is `local`: an emulator that has ended does not go on.

    `stopping` is asked in each turn; `rounds` are called in each that did not end it, and may end the watching.
    After an `interference` things happen again, so it is read more often for a while.
    """

    tree: EventTree
    standing: StatusCheck
    clock: Clock
    warn: Callable[[str], None]
    silence: RdsWatch | None = None
    rounds: Sequence[Callable[[], None]] = ()
    stopping: Callable[[], bool] = lambda: False
    interference: Interference = field(default_factory=Interference)
    local: bool = False
    pace: Pace = field(default_factory=Pace)
    budget: Budget = field(default_factory=Budget)
    _began: float = field(init=False)
    _due: float = field(init=False)
    _asked_at: float = float("-inf")
    _failures: int = 0
    _throttled: bool = False
    _stirs: int = 0
    _lively_until: float = float("-inf")
    _blind: bool = False

    def __post_init__(self) -> None:
        self._began = self._due = self.clock.monotonic()

    def look(self) -> Turn:
        """Ask what is due. Raises BusyError when told to stop or nobody can tell any more, AwsError when all ended."""
        if self.stopping():
            raise BusyError("still running: stopped watching, the operation goes on")
        before, failures = self._calls, self._failures
        self._hear()
        end = self._asked()
        calls = self._calls - before
        self.budget.spend(calls)
        if end is None:
            for one in self.rounds:
                one()
            self._hear()
        return Turn(self._wait, calls, end, throttled=self._throttled and self._failures > failures)

    def _hear(self) -> None:
        """After somebody has interfered it is asked at once, and for a while as if something had just happened."""
        if self.interference.count != self._stirs:
            self._stirs = self.interference.count
            self._due = self.clock.monotonic()
            self._lively_until = self._due + LIVELY
            self.pace.start_again()

    def _asked(self) -> StackEvent | None:
        """What ended the operation, if anything did; at most one question to each service."""
        now = self.clock.monotonic()
        if now >= self._stack_due:
            self._asked_at = now
            return self._told_by_status() if self._wants_status else self._told_by_events()
        if self.silence is not None and now >= self._rds_due:
            self.silence.look()
        return None

    def _told_by_events(self) -> StackEvent | None:
        try:
            news = self.tree.read()
        except AwsError as error:
            self._bear(error)
            return None
        self._settle(news)
        return self._swept(self.tree.end) if self.tree.end is not None else None

    def _told_by_status(self) -> StackEvent | None:
        try:
            end = self.standing.end()
        except AwsError as error:
            if error.denied and self._blind:
                raise BusyError(f"still running, but nobody may watch it: {error}") from error
            self.standing.heard()
            self._bear(error)
            return None
        self._settle(news=False)
        return self._swept(end) if end is not None else None

    def _swept(self, end: StackEvent) -> StackEvent:
        """The end, after reading what came late: events of nested stacks, or all of them when the status told it."""
        if self.tree.end is None or self.tree.nested:
            try:
                self.tree.read(everyone=True)
            except AwsError as error:
                self.warn(f"the last events could not be read: {error}")
        if self.tree.end is None:
            self.tree.see(end)
        return self.tree.end or end

    def _settle(self, news: bool) -> None:
        """An answer came."""
        self._failures, self._throttled = 0, False
        if news:
            self.standing.heard()
        self._due = self._asked_at + self.pace.after(news=news)

    def _bear(self, error: AwsError) -> None:
        """No answer came."""
        if error.unauthenticated:
            raise BusyError(f"still running, but no longer watched: {error}") from error
        self._failures += 1
        self._throttled = error.throttled
        if self.local and self._failures >= GONE_AFTER and error.unanswered:
            what = "the emulator has ended, and with it what it was doing"
            advice = "`aurora-cfn local logs` may tell why; the next command starts it again"
            raise AwsError(f"{what}: {advice}", operation=error.operation, code=error.code) from error
        if error.denied and not self._blind:
            self._blind = True
            self.warn(f"{error}; only the stack's status is asked from here on")
        elif not error.throttled or self._failures % TELL_EVERY == 0:
            self.warn(f"{error} (it goes on; asking again)")
        self._due = self.clock.monotonic() + (SHORTEST if self._blind else self.pace.after_trouble())

    @property
    def _wants_status(self) -> bool:
        """Whether the status is asked in place of the events: when these are refused, fail, or have long been none."""
        return self._blind or (self._failures >= BLIND_AFTER and self._failures % 2 == 1) or self.standing.due

    @property
    def _stack_due(self) -> float:
        trusted = not self._failures and self.clock.monotonic() >= self._lively_until
        phase = self.silence.phase if self.silence is not None and trusted else Phase.OPEN
        due = self._asked_at + BETWEEN[phase] if phase in BETWEEN else self._due
        return max(due, self._began + self.budget.next_call())

    @property
    def _rds_due(self) -> float:
        if self.silence is None:
            return float("inf")
        early = max(self.silence.due, self._began + self.budget.next_call(keep=RESERVE))
        return min(early, max(self.silence.overdue, self._began + self.budget.next_call()))

    @property
    def _wait(self) -> float:
        """Seconds until anything is due."""
        wait = min(self._stack_due, self._rds_due) - self.clock.monotonic()
        return min(LONGEST_TURN, max(0.0, wait))

    @property
    def _calls(self) -> int:
        return self.tree.calls + self.standing.calls + (self.silence.calls if self.silence is not None else 0)
