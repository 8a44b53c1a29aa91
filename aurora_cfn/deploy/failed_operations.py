"""Failures that only DescribeEvents returns: those of hooks and validations, with their own reasons.

Operations are watched with DescribeStackEvents. For DescribeEvents (API reference, read 2026-11) an operation is one
attempt: the rollback after a failure, and the creation of each nested stack, are operations of their own with other
ids. Reading one id would therefore miss the end, while the events of the stack show all of it with as many calls.
After a failure the ids are known from the stack's events, and DescribeEvents is called with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.ports import CloudFormation

MOST = 10
"""Operations of one failure that are read: that of the stack, and those of its nested stacks. A bound on calls."""


class Failures:
    """DescribeEvents by operation, for the failures of one run; no longer called once it has proved useless."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        # Threads of several stacks may write it at once: at worst there is one more call in vain.
        self._silent = False

    def joined(self, cloudformation: CloudFormation, stack_arn: str, events: Sequence[StackEvent]) -> list[StackEvent]:
        """The events with the failures that DescribeEvents adds; just the events where it cannot be called."""
        found: list[StackEvent] = []
        try:
            for operation in [] if self._silent else _operations(cloudformation, stack_arn, events):
                found += cloudformation.operation_failures(operation)
                # An operation that failed without any failure in DescribeEvents: it is not implemented here.
                self._silent = not found
        except AwsError as error:
            self._silent = error.denied or error.unsupported
        # Before the events: at the same time the hook is the cause, and a resource's last status is that of its event.
        return [*_unknown(found, events), *events]


def _operations(cloudformation: CloudFormation, stack_arn: str, events: Sequence[StackEvent]) -> list[str]:
    """Ids of the operations with failed events, else of all events; those of the stack when it has no events."""
    failed = [event.operation_id for event in events if event.failed and event.operation_id]
    ids = list(dict.fromkeys(failed or [event.operation_id for event in events if event.operation_id]))
    # A hook may have stopped the operation before its first event.
    if not ids and len(events) <= 1:
        stack = cloudformation.stack(stack_arn)
        ids = list(stack.operations) if stack is not None else []
    return ids[:MOST]


def _unknown(found: Sequence[StackEvent], events: Sequence[StackEvent]) -> Iterator[StackEvent]:
    """Failures that are in no event; the same status of the same resource is the same failure."""
    known = {(event.stack_arn, event.logical_id, event.status) for event in events}
    return (event for event in found if (event.stack_arn, event.logical_id, event.status) not in known)
