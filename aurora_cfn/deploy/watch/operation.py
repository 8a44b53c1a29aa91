"""Follow an operation until the stack itself has ended, as its events or DescribeStacks say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from aurora_cfn.deploy.stack_status import DELETED
from aurora_cfn.deploy.watch.events import EventTree
from aurora_cfn.deploy.watch.pace import AFTER_START, SHORTEST, Budget, Interference, Pace, Phase, Turn
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.model.stack import BUSY_SUFFIX, Stack, stack_name_of
from aurora_cfn.ports import Clock, CloudFormation

if TYPE_CHECKING:
    from aurora_cfn.deploy.watch.rds import RdsWatch

EVERY = 120.0
"""Seconds without an event of ours after which DescribeStacks is called, and after each such call again."""
GRACE = 15.0
"""Seconds after the start in which DescribeStacks, which is eventually consistent, may still give the old status."""
REASON = "known from the stack's status: its events do not show the end"
FORGOTTEN = "CloudFormation no longer knows the stack"


@dataclass(slots=True)
class StatusCheck:
    """The status of one stack; `moved` is true once an event or a status has shown that the operation is running."""

    cloudformation: CloudFormation
    clock: Clock
    stack_arn: str
    moved: bool = False
    calls: int = 0
    _news_at: float = 0.0
    _began: float = 0.0

    def __post_init__(self) -> None:
        self._began = self._news_at = self.clock.monotonic()

    def note_event(self) -> None:
        """An event of ours has come."""
        self.moved = True
        self._news_at = self.clock.monotonic()

    @property
    def due(self) -> bool:
        """Whether there was no event of ours for EVERY seconds."""
        return self.clock.monotonic() - self._news_at >= EVERY

    def end(self) -> StackEvent | None:
        """The end, as an event of the root stack; None while the operation runs. Raises AwsError."""
        self.calls += 1
        found = self.cloudformation.stack(self.stack_arn)
        now = self._news_at = self.clock.monotonic()
        # Any other status may be from before the operation: the grace period lets it become visible.
        if found is not None and found.status.endswith(BUSY_SUFFIX):
            self.moved = True
            return None
        if not self.moved and now - self._began < GRACE:
            return None
        return self._event(found)

    def _event(self, found: Stack | None) -> StackEvent:
        arn = self.stack_arn
        name = found.name if found else stack_name_of(arn)
        status = found.status if found else DELETED
        reason = (found.reason or REASON) if found else FORGOTTEN
        return StackEvent(f"status-{status}", arn, name, name, arn, STACK_TYPE, status, self.clock.now(), reason)


# These, RESERVE and `pace.BURST` come from simulated creations (tests/deploy/watch/test_call_count.py): one of ten
# minutes costs at most a call in five seconds, and its end is seen within two.
BETWEEN = {Phase.BUSY: 30.0, Phase.NEAR: 5.0, Phase.LAST: 1.8}
"""Seconds between two reads of the events, in the phases in which RDS's status is a better guide than the pace: while
a database is worked on the stack cannot end, but 30 s still show a failure of another resource; with the databases
ready, CloudFormation will notice soon; and when nothing else is left, the stack ends as soon as it notices."""
LOCAL_LONGEST = 0.3
"""Seconds between two reads of the events of an emulator at most: its calls are free, and its databases soon ready."""
LIVELY = 30.0
"""Seconds after a cancellation or the like in which events are read at the usual pace, not by the phase of RDS."""
RESERVE = 13.0
"""Calls of the budget that questions to RDS leave over, so that the end of the stack is seen soon."""
LONGEST_TURN = 10.0
"""Seconds to the next turn at most: without any call it still checks the time limit and an interruption."""
BLIND_AFTER = 3
"""Failed reads of the events in a row after which DescribeStacks is called instead."""
GONE_AFTER = 4
"""Unanswered reads in a row after which an emulator counts as ended, and its operations with it."""
WARN_EVERY = 5
"""Every how many throttled reads in a row there is a warning: a single one is normal while many stacks are watched."""


@dataclass(slots=True)
class Watch:
    """One operation that is watched. A failed read never ends it, unless it is `local` and the emulator has ended.

    `stopping` is called in each turn. `rounds` are called in each turn that did not see the end; what they raise ends
    the watching. After an `interference` events are read more often for LIVELY seconds.
    """

    tree: EventTree
    status: StatusCheck
    clock: Clock
    warn: Callable[[str], None]
    rds_watch: RdsWatch | None = None
    rounds: Sequence[Callable[[], None]] = ()
    stopping: Callable[[], bool] = lambda: False
    interference: Interference = field(default_factory=Interference)
    local: bool = False
    pace: Pace = field(default_factory=partial(Pace, first=AFTER_START))
    budget: Budget = field(default_factory=Budget)
    _began: float = field(init=False)
    _due: float = field(init=False)
    _asked_at: float = float("-inf")
    _failures: int = 0
    _throttled: bool = False
    _interferences_seen: int = 0
    _lively_until: float = float("-inf")
    _blind: bool = False

    def __post_init__(self) -> None:
        self._began = self._due = self.clock.monotonic()

    def look(self) -> Turn:
        """One turn: at most one call to each service, if it is due.

        Raises BusyError when the run stops or neither events nor status may be read, AwsError when the emulator has
        ended.
        """
        if self.stopping():
            raise BusyError("still running: stopped watching, the operation continues")
        before, failures = self._calls, self._failures
        self._notice_interference()
        end = self._asked()
        calls = self._calls - before
        # Failed calls count: AWS counts them too.
        self.budget.spend(calls)
        if end is None:
            for one in self.rounds:
                one()
            # A round may have cancelled the update: its rollback is read at once, not in the next turn.
            self._notice_interference()
        return Turn(self._wait, calls, end, throttled=self._throttled and self._failures > failures)

    def _notice_interference(self) -> None:
        """After an interference, read at once, and for a while as often as after a new event."""
        if self.interference.count != self._interferences_seen:
            self._interferences_seen = self.interference.count
            self._due = self.clock.monotonic()
            self._lively_until = self._due + LIVELY
            self.pace.start_again()

    def _asked(self) -> StackEvent | None:
        """The event that ended the operation, None while it runs; makes at most one call to each service."""
        now = self.clock.monotonic()
        if now >= self._stack_due:
            self._asked_at = now
            return self._end_by_status() if self._wants_status else self._end_by_events()
        if self.rds_watch is not None and now >= self._rds_due:
            self.rds_watch.look()
        return None

    def _end_by_events(self) -> StackEvent | None:
        try:
            news = self.tree.read()
        except AwsError as error:
            self._read_failed(error)
            return None
        self._read_succeeded(news)
        return self._swept(self.tree.end) if self.tree.end is not None else None

    def _end_by_status(self) -> StackEvent | None:
        try:
            end = self.status.end()
        except AwsError as error:
            if error.denied and self._blind:
                raise BusyError(f"still running, but neither its events nor its status may be read: {error}") from error
            # Counted like an event, so that the next read is one of the events again.
            self.status.note_event()
            self._read_failed(error)
            return None
        self._read_succeeded(news=False)
        return self._swept(end) if end is not None else None

    def _swept(self, end: StackEvent) -> StackEvent:
        """The end, after a last read: events of nested stacks can come after it, and the status comes before events."""
        # Without nested stacks the event of the root stack is the last one, and no further call is needed.
        if self.tree.end is None or self.tree.nested:
            try:
                self.tree.read(everyone=True)
            except AwsError as error:
                self.warn(f"the last events could not be read: {error}")
        if self.tree.end is None:
            self.tree.see(end)
        return self.tree.end or end

    def _read_succeeded(self, news: bool) -> None:
        """Wait as long as the pace says; `news` says whether there was a new event."""
        self._failures, self._throttled = 0, False
        if news:
            self.status.note_event()
        self._due = self._asked_at + self.pace.after(news=news)

    def _read_failed(self, error: AwsError) -> None:
        """Warn and try again later. Raises BusyError without credentials, AwsError when the emulator has ended."""
        if error.unauthenticated:
            raise BusyError(f"still running, but no longer watched: {error}") from error
        self._failures += 1
        self._throttled = error.throttled
        # Only the emulator: AWS continues while the network is down, but nothing continues in a process that has ended.
        if self.local and self._failures >= GONE_AFTER and error.unanswered:
            what = "the emulator has ended, and with it what it was doing"
            advice = "`aurora-cfn local logs` may show why; the next command starts it again"
            raise AwsError(f"{what}: {advice}", operation=error.operation, code=error.code) from error
        # A policy may allow DescribeStacks and not DescribeStackEvents; the end can still be known.
        if error.denied and not self._blind:
            self._blind = True
            self.warn(f"{error}; only the stack's status is asked from here on")
        elif not error.throttled or self._failures % WARN_EVERY == 0:
            self.warn(f"{error} (it continues; asking again)")
        self._due = self.clock.monotonic() + (SHORTEST if self._blind else self.pace.after_trouble())

    @property
    def _wants_status(self) -> bool:
        """Whether to call DescribeStacks instead of reading events: they are refused, fail, or none came for long."""
        # The two calls alternate while reads fail: either may work again first.
        return self._blind or (self._failures >= BLIND_AFTER and self._failures % 2 == 1) or self.status.due

    @property
    def _stack_due(self) -> float:
        # RDS guides only while the events can be read: after a failure they may hold what RDS cannot know.
        if self.local and not self._failures:
            return min(self._due, self._asked_at + LOCAL_LONGEST)
        trusted = not self._failures and self.clock.monotonic() >= self._lively_until
        phase = self.rds_watch.phase if self.rds_watch is not None and trusted else Phase.OPEN
        due = self._asked_at + BETWEEN[phase] if phase in BETWEEN else self._due
        return max(due, self._began + self.budget.next_call())

    @property
    def _rds_due(self) -> float:
        if self.rds_watch is None:
            return float("inf")
        # Often while the budget is ample; with RESERVE calls left only when RDS is overdue.
        early = max(self.rds_watch.due, self._began + self.budget.next_call(keep=RESERVE))
        return min(early, max(self.rds_watch.overdue, self._began + self.budget.next_call()))

    @property
    def _wait(self) -> float:
        """Seconds until the next call is due, LONGEST_TURN at most."""
        wait = min(self._stack_due, self._rds_due) - self.clock.monotonic()
        return min(LONGEST_TURN, max(0.0, wait))

    @property
    def _calls(self) -> int:
        return self.tree.calls + self.status.calls + (self.rds_watch.calls if self.rds_watch is not None else 0)
