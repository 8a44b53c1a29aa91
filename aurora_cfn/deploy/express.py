"""Wait until databases can be used after express mode, which ends as soon as the configuration is applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.watch.limit import Limit
from aurora_cfn.deploy.watch.pace import Pace
from aurora_cfn.deploy.watch.rds import KINDS
from aurora_cfn.errors import AwsError, BusyError, DeployError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.rds_database import NEEDS_ACTION, USABLE
from aurora_cfn.model.stack import StackResource
from aurora_cfn.ports import Databases


@dataclass(slots=True)
class DatabaseWait:
    """The wait for the databases of one stack that this run created or changed.

    `events` are those of the deployment: they name the databases in nested stacks, which the change set does not.
    """

    context: Context
    databases: Databases
    plan: StackPlan
    limit: Limit
    events: Sequence[StackEvent] = ()
    _seen: dict[str, str] = field(default_factory=dict)

    def wait(self, stack_arn: str) -> None:
        """Return when all are available; at once, with a warning, when a permission is missing.

        Raises DeployError for a database that cannot become available, BusyError when the run stops or after the time
        limit; RDS continues then.
        """
        # Express mode reports UPDATE_COMPLETE as soon as the configuration is applied, while RDS still works on it.
        waiting, pace = self._asked(partial(self._touched, stack_arn)), Pace()
        if waiting:
            self._show(f"express mode is done; waiting for {', '.join(row.logical_id for row in waiting)}")
        while waiting:
            before = dict(self._seen)
            waiting = self._asked(partial(self._unusable, waiting), waiting)
            if waiting:
                self._pause(waiting, pace.after(news=before != self._seen))

    def _asked(
        self, question: Callable[[], list[StackResource]], waiting: Sequence[StackResource] = ()
    ) -> list[StackResource]:
        """The rows that `question` returns, after repeated calls if need be; none where a permission is missing."""
        pace = Pace()
        while True:
            try:
                return question()
            except AwsError as error:
                if not self._may_retry(error):
                    return []
            self._pause(waiting, pace.after_trouble())

    def _touched(self, stack_arn: str) -> list[StackResource]:
        changes = self.plan.change_set.changes if self.plan.change_set else ()
        names = {row.logical_id for row in changes if row.type in KINDS and row.action != "Remove"}
        rows = self.context.cloudformation.resources(stack_arn) if names else ()
        own = [row for row in rows if row.logical_id in names and row.exists and row.physical_id]
        return own + self._nested(stack_arn)

    def _nested(self, stack_arn: str) -> list[StackResource]:
        """The databases in nested stacks, each with the name of its stack; not those that were deleted."""
        below = [event for event in self.events if event.type in KINDS and event.stack_arn != stack_arn]
        # Later events of a resource overwrite earlier ones.
        latest = {(event.stack_arn, event.logical_id): event for event in below}
        return [
            StackResource(f"{event.stack_name}/{event.logical_id}", event.type, event.status, event.physical_id)
            for event in latest.values()
            if event.physical_id and not event.status.startswith("DELETE")
        ]

    def _unusable(self, rows: Sequence[StackResource]) -> list[StackResource]:
        return [row for row in rows if not self._usable(row)]

    def _usable(self, row: StackResource) -> bool:
        ask = self.databases.cluster if KINDS[row.type] == "db-cluster" else self.databases.instance
        found = ask(row.physical_id)
        # RDS may not describe a new database yet (its API is eventually consistent).
        status = found.status if found else "not visible yet"
        if self._seen.get(row.logical_id) != status:
            self._seen[row.logical_id] = status
            self._show(f"{row.logical_id} ({row.physical_id}): RDS says {status}")
        if status.startswith(NEEDS_ACTION):
            raise DeployError(
                f"{self.plan.desired.name} is deployed, but {row.logical_id} ({row.physical_id}) is {status}: "
                "RDS's events say why, and it does not become available by itself"
            )
        return status in USABLE

    def _pause(self, waiting: Sequence[StackResource], seconds: float) -> None:
        rows = (f"{row.logical_id} ({self._seen.get(row.logical_id, 'unknown')})" for row in waiting)
        left = ", ".join(rows) or "its databases"
        if self.context.stopping():
            raise BusyError(f"{self.plan.desired.name} is deployed; stopped waiting for {left}, which continues")
        if self.limit.over:
            what = f"is deployed, but not available after {self.limit.text}: {left}; it continues by itself"
            raise BusyError(f"{self.plan.desired.name} {what}")
        self.context.clock.sleep(seconds)

    def _may_retry(self, error: AwsError) -> bool:
        """Whether another call may succeed; False, with a warning, for a missing permission.

        Raises BusyError without credentials.
        """
        name = self.plan.desired.name
        if error.unauthenticated:
            raise BusyError(f"{name} is deployed, but its databases are no longer watched: {error}") from error
        if error.denied:
            # The error names the operation without its service; only these two are called here.
            service = "rds" if error.operation.startswith("DescribeDB") else "cloudformation"
            what = f"not waited for until they are available: needs {service}:{error.operation}"
            self.context.listener.warn(self.plan.desired.key, f"its databases are {what}")
            return False
        return True

    def _show(self, text: str) -> None:
        self.context.listener.step(self.plan.desired.key, text)
