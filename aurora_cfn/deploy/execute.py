"""Execute an approved change set and report the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.failure import failed, first_cause, left_behind, why_failed
from aurora_cfn.deploy.stack_status import CLEANING_UP, SUCCEEDED
from aurora_cfn.deploy.watch.events import BY_HAND
from aurora_cfn.deploy.watch.follow import follow
from aurora_cfn.deploy.watch.limit import CREATION, Limit
from aurora_cfn.deploy.watch.record import Record
from aurora_cfn.deploy.write_calls import execute, repeated
from aurora_cfn.errors import AwsError, UnreadOutcomeError
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import DesiredStack, StackPlan
from aurora_cfn.model.stack import Stack


@dataclass(slots=True)
class Execution:
    """The execution of one change set; `events` grows meanwhile, `begun` is true once AWS has accepted the call.

    `leftovers` lists in the end what the clean-up could not delete or was to retain.
    """

    context: Context
    plan: StackPlan
    events: list[StackEvent] = field(default_factory=list)
    begun: bool = False
    leftovers: list[str] = field(default_factory=list)

    def run(self) -> Stack:
        """The stack after the execution. Raises DeployError with the first cause, BusyError when left running."""
        change_set = self.plan.change_set
        assert change_set is not None
        context = self.context
        context.listener.started(self.plan.desired.key, len(change_set.changes))
        execute(context, self.plan, disable_rollback=self._disable_rollback(change_set))
        self.begun = True
        # Counted from here: the time until AWS accepted the call is not the operation's.
        goes_on = CREATION if self.plan.creates else ""
        limit = Limit(context, self.plan.desired.key, change_set.stack_arn, goes_on)
        end = self._followed(change_set, limit)
        if end.status not in {*SUCCEEDED, CLEANING_UP}:
            raise failed(end.status, self._why(end, limit))
        self._report_leftovers(end)
        self._wait_for_databases(limit)
        return stack_afterwards(context, self.plan.desired, change_set.stack_arn)

    def _why(self, end: StackEvent, limit: Limit) -> str:
        """Why it failed; a cancelled update failed for no other reason."""
        name = self.plan.desired.name
        # A cancelled update ends in a rollback, whose events name the cancellation as their only cause.
        if limit.cancelled:
            return f"{name}: cancelled after {limit.text}: it ended in {end.status}"
        cause = first_cause(self.events)
        if cause is not None and cause.reason == BY_HAND:
            return f"{name}: the update was cancelled: it ended in {end.status}"
        return why_failed(self.context, name, end, self.events)

    def _followed(self, change_set: ChangeSet, limit: Limit) -> StackEvent:
        """The event that ends the operation, or after which only its clean-up continues."""
        context = self.context
        return follow(
            context,
            change_set.stack_arn,
            self.plan.since,
            Record(context.listener, self.plan.desired.key, self.events),
            token=context.token,
            # With all of them known, a wait for databases only is recognized, and RDS is read more often.
            expected=[change.logical_id for change in change_set.changes],
            limit=limit,
            # The stack policy may be closed only after the clean-up, whose deletions it would deny.
            stop_at_cleanup=not (context.choices.cleanup_wait or self.plan.opened),
        )

    def _disable_rollback(self, change_set: ChangeSet) -> bool | None:
        """The argument of ExecuteChangeSet; None where the change set has OnStackFailure, which excludes it."""
        # AWS takes DisableRollback or OnStackFailure, not both (API reference, ExecuteChangeSet).
        choices = self.context.choices
        on_failure = change_set.on_failure or (choices.on_failure if self.plan.creates else "")
        return None if on_failure and not choices.disable_rollback else choices.disable_rollback

    def _wait_for_databases(self, limit: Limit) -> None:
        """Wait until the databases can be used: express mode ends earlier. Without the RDS port, do not wait."""
        context, change_set = self.context, self.plan.change_set
        if context.choices.express and context.rds.databases is not None and change_set is not None:
            from aurora_cfn.deploy.express import DatabaseWait

            DatabaseWait(context, context.rds.databases, self.plan, limit, self.events).wait(change_set.stack_arn)

    def _report_leftovers(self, end: StackEvent) -> None:
        key = self.plan.desired.key
        for event in left_behind(self.events):
            what = f"{event.logical_id} ({event.physical_id}) was not deleted: {event.reason or event.status}"
            self.leftovers.append(what)
            self.context.listener.warn(key, what)
        if end.status == CLEANING_UP:
            command = f"`aurora-cfn events {self.context.env_option} --stack {key} --follow`"
            self.context.listener.step(key, f"deployed; its clean-up continues, and {command} shows what it leaves")


def stack_afterwards(context: Context, desired: DesiredStack, stack_arn: str) -> Stack:
    """The stack that was just deployed.

    Raises UnreadOutcomeError when it cannot be read or is gone, which says that it was deployed.
    """
    # Its outputs are the parameters of the stacks after it, so one failed read must not be the end.
    known = "deployed, but cannot be read"
    try:
        stack = repeated(context, desired.key, partial(context.cloudformation.stack, stack_arn), known)
    except AwsError as error:
        what = f"{desired.name} was deployed, but cannot be read any more: {error}"
        raise UnreadOutcomeError(f"{what}; `aurora-cfn status {context.env_option}` shows it") from error
    if stack is None:
        raise UnreadOutcomeError(f"{desired.name} was deployed, and has been deleted since")
    return stack
