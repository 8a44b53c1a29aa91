"""A stack event of CloudFormation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

STACK_TYPE = "AWS::CloudFormation::Stack"
# Endings of statuses; _SKIPPED is that of a deletion that DeletionPolicy Retain leaves out.
SETTLED = ("_COMPLETE", "_FAILED", "_SKIPPED")


@dataclass(frozen=True, slots=True)
class StackEvent:
    """One event; `at` is AWS's time in UTC; `token` and `operation_id` are empty if the event has none."""

    id: str
    stack_arn: str
    stack_name: str
    logical_id: str
    physical_id: str
    type: str
    status: str
    at: datetime
    reason: str = ""
    token: str = ""
    operation_id: str = ""

    @property
    def of_stack(self) -> bool:
        """Whether it is about the stack itself, not about a resource in it."""
        return self.type == STACK_TYPE and self.physical_id == self.stack_arn

    @property
    def settled(self) -> bool:
        """Whether the operation on the resource has ended: complete, failed or skipped."""
        return self.status.endswith(SETTLED)

    @property
    def failed(self) -> bool:
        """Whether the resource, or the stack, failed."""
        return self.status.endswith("_FAILED")

    @property
    def nested_stack(self) -> str:
        """ARN of the nested stack that the event is about, empty for other resources."""
        nested = self.type == STACK_TYPE and self.physical_id not in ("", self.stack_arn)
        return self.physical_id if nested and self.physical_id.startswith("arn:") else ""
