"""What DescribeStacks says of an operation: whether it has ended, where events do not tell it."""

from __future__ import annotations

from dataclasses import dataclass

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
class Standing:
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
        status = found.status if found else "DELETE_COMPLETE"
        reason = (found.reason or REASON) if found else FORGOTTEN
        return StackEvent(f"status-{status}", arn, name, name, arn, STACK_TYPE, status, self.clock.now(), reason)
