"""The time limit of an operation: an update that takes longer is cancelled, anything else is left running."""

from __future__ import annotations

from dataclasses import dataclass, field

from aurora_cfn.deploy.context import Context
from aurora_cfn.errors import AwsError, BusyError

CREATION = "a creation cannot be cancelled"
"""Why an operation continues after the time limit (CancelUpdateStack, API reference, read 2026-11)."""


@dataclass(slots=True)
class Limit:
    """The time limit of one execution, counted from its making; `cancelled` once AWS has accepted the cancellation.

    `goes_on` says why the operation is left running after the limit; empty for an update, which is cancelled.
    """

    context: Context
    key: str
    stack_arn: str
    goes_on: str = ""
    cancelled: bool = False
    _acted: bool = False
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.context.clock.monotonic()

    @property
    def text(self) -> str:
        """The limit in words."""
        return f"{(self.context.choices.timeout or 0) / 60:g} minutes (--timeout)"

    @property
    def over(self) -> bool:
        """Whether the limit has passed; False without one."""
        limit = self.context.choices.timeout
        return limit is not None and self.context.clock.monotonic() - self._began >= limit

    def check(self) -> None:
        """Cancel the update once when the time is over. Raises BusyError for an operation that is left running."""
        if self._acted or not self.over:
            return
        if self.goes_on:
            raise BusyError(f"still running after {self.text}; {self.goes_on}, so it continues")
        # Once only: a refusal would come again in each turn.
        self._acted = True
        self.cancelled = cancel(self.context, self.key, self.stack_arn, f"cancelling the update after {self.text}")


def cancel(context: Context, key: str, stack_arn: str, why: str) -> bool:
    """Whether AWS accepted the cancellation of a running update; a refusal becomes a warning."""
    context.listener.step(key, why)
    # With a token of its own, which `OperationFilter` knows as one of this run.
    try:
        context.cloudformation.cancel_update(stack_arn, token=f"{context.token}-cancel")
    except AwsError as error:
        context.listener.warn(key, f"could not cancel: {error}")
        return False
    # The rollback begins at once, so its events are worth reading before the next turn is due.
    context.watching.poller.wake_all()
    return True
