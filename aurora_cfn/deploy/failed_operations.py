"""What only DescribeEvents tells of the operations that failed: hooks and validations, in their own words.

Watching itself keeps to DescribeStackEvents. By the documentation of DescribeEvents (API reference, read 2026-11) an
operation is one attempt: the rollback that a failure starts, and the creation of each nested stack, are operations of
their own with other ids. Whoever followed one id would not see how it ends, while one question for the stack's events
tells all of them, for as many calls. After a failure the ids are known from the events, and DescribeEvents is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import StackEvent
from aurora_cfn.ports import CloudFormation

MOST = 10
"""Operations of one failure that are asked about: that of the stack, and those of the stacks nested in it."""


class Failures:
    """DescribeEvents by operation, for the failures of one run; silent once it has turned out to tell nothing."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self._silent = False

    def joined(self, cloudformation: CloudFormation, stack_arn: str, events: Sequence[StackEvent]) -> list[StackEvent]:
        """The events with what DescribeEvents knows beyond them; just the events where it cannot be had."""
        found: list[StackEvent] = []
        try:
            for operation in [] if self._silent else _operations(cloudformation, stack_arn, events):
                found += cloudformation.operation_failures(operation)
                # Nothing at all of what has failed means that it tells nothing here.
                self._silent = not found
        except AwsError as error:
            self._silent = error.denied or error.unsupported
        # Before the events: of one moment the hook is the cause, and the last word on a resource is that of an event.
        return [*_unknown(found, events), *events]


def _operations(cloudformation: CloudFormation, stack_arn: str, events: Sequence[StackEvent]) -> list[str]:
    """Ids of the operations in which something failed, or of all; those of the stack when no event came."""
    failed = [event.operation_id for event in events if event.failed and event.operation_id]
    told = list(dict.fromkeys(failed or [event.operation_id for event in events if event.operation_id]))
    if not told and len(events) <= 1:
        stack = cloudformation.stack(stack_arn)
        told = list(stack.operations) if stack is not None else []
    return told[:MOST]


def _unknown(found: Sequence[StackEvent], events: Sequence[StackEvent]) -> Iterator[StackEvent]:
    """Failures that no event has told: the same resource in the same status is the same failure."""
    known = {(event.stack_arn, event.logical_id, event.status) for event in events}
    return (event for event in found if (event.stack_arn, event.logical_id, event.status) not in known)
