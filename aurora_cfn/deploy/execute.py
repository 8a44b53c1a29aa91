"""Execute an approved change set and report the result."""

from __future__ import annotations

from dataclasses import dataclass, field

from aurora_cfn.deploy.context import Engine
from aurora_cfn.deploy.express import Settling
from aurora_cfn.deploy.failure import failed, first_cause, left_behind, why_failed
from aurora_cfn.deploy.orders import execute, patiently
from aurora_cfn.deploy.stack_status import CLEANING_UP, SUCCEEDED
from aurora_cfn.deploy.watch.events import BY_HAND
from aurora_cfn.deploy.watch.follow import Limit, follow
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import DesiredStack, StackPlan
from aurora_cfn.model.stack import Stack


def stack_afterwards(engine: Engine, desired: DesiredStack, stack_arn: str) -> Stack:
    """The stack that was just deployed.

    Raises BusyError without credentials, AwsError when it stays unreadable or is gone; both say that it was deployed.
    """
    known = "deployed, but cannot be read"
    try:
        stack = patiently(engine, desired.key, lambda: engine.cloudformation.stack(stack_arn), known)
    except AwsError as error:
        kind = BusyError if error.unauthenticated else AwsError
        where = f"`aurora-cfn status {engine.where}` shows it"
        raise kind(f"{desired.name} was deployed, but cannot be read any more: {error}; {where}") from error
    if stack is None:
        raise AwsError(f"{desired.name} was deployed, and somebody has deleted it since")
    return stack


class _EnoughError(Exception):
    """Only the clean-up goes on, and nobody waits for it."""

    def __init__(self, event: StackEvent) -> None:
        super().__init__()
        self.event = event


@dataclass(slots=True)
class Execution:
    """One change set on its way; `events` grows while it runs; `begun` tells whether AWS took the order.

    `leftovers` says in the end what the clean-up could not or should not delete.
    """

    engine: Engine
    plan: StackPlan
    events: list[StackEvent] = field(default_factory=list)
    begun: bool = False
    leftovers: list[str] = field(default_factory=list)

    def run(self) -> Stack:
        """The stack as it is afterwards. Raises DeployError with the first cause, BusyError when left running."""
        change_set = self.plan.change_set
        assert change_set is not None
        engine = self.engine
        engine.listener.started(self.plan.desired.key, len(change_set.changes))
        execute(engine, self.plan, disable_rollback=self._disable_rollback(change_set))
        self.begun = True
        limit = Limit(engine, self.plan.desired.key, change_set.stack_arn, cancels=not self.plan.creates)
        end = self._followed(change_set.stack_arn, limit)
        if end.status not in {*SUCCEEDED, CLEANING_UP}:
            raise failed(end.status, self._why(end, limit))
        self._tell_of_leftovers(end)
        self._settle(limit)
        return stack_afterwards(engine, self.plan.desired, change_set.stack_arn)

    def _why(self, end: StackEvent, limit: Limit) -> str:
        """Why it did not get there; a rollback that somebody asked for has no other cause."""
        name = self.plan.desired.name
        if limit.cancelled:
            return f"{name}: cancelled after {limit.told}: it ended in {end.status}"
        cause = first_cause(self.events)
        if cause is not None and cause.reason == BY_HAND:
            return f"{name}: the update was cancelled: it ended in {end.status}"
        return why_failed(self.engine, name, end, self.events)

    def _followed(self, stack_arn: str, limit: Limit) -> StackEvent:
        """The event that ends the operation, or that leaves nothing but its clean-up to wait for."""
        engine, key = self.engine, self.plan.desired.key
        rounds = [limit.check, lambda: self._leave_cleaning(stack_arn)]
        changes = self.plan.change_set.changes if self.plan.change_set else ()
        expected = [change.logical_id for change in changes]
        since, token = self.plan.since, engine.token
        try:
            return follow(engine, key, stack_arn, since, self._see, rounds, token=token, expected=expected)
        except _EnoughError as enough:
            return enough.event

    def _leave_cleaning(self, stack_arn: str) -> None:
        """Stop where only the clean-up goes on; a stack policy that is open for the update is closed after it first."""
        if self.engine.choices.cleanup_wait or self.plan.opened:
            return
        for event in self.events:
            if event.status == CLEANING_UP and event.of_stack and event.stack_arn == stack_arn:
                raise _EnoughError(event)

    def _disable_rollback(self, change_set: ChangeSet) -> bool | None:
        """None where the change set says already what becomes of a failure."""
        choices = self.engine.choices
        told = change_set.on_failure or (choices.on_failure if self.plan.creates else "")
        return None if told and not choices.disable_rollback else choices.disable_rollback

    def _settle(self, limit: Limit) -> None:
        """Express mode ends before a database can be used, so that is waited for here, where RDS can be asked."""
        engine, change_set = self.engine, self.plan.change_set
        if engine.choices.express and engine.databases is not None and change_set is not None:
            Settling(engine, engine.databases, self.plan, limit, self.events).wait(change_set.stack_arn)

    def _see(self, event: StackEvent) -> None:
        self.events.append(event)
        self.engine.listener.event(self.plan.desired.key, event)

    def _tell_of_leftovers(self, end: StackEvent) -> None:
        key = self.plan.desired.key
        for event in left_behind(self.events):
            what = f"{event.logical_id} ({event.physical_id}) was not deleted: {event.reason or event.status}"
            self.leftovers.append(what)
            self.engine.listener.warn(key, what)
        if end.status == CLEANING_UP:
            command = f"`aurora-cfn events {self.engine.where} --stack {key} --follow`"
            self.engine.listener.step(key, f"deployed; its clean-up goes on, and what that leaves is told by {command}")
