"""An operation of a StackSet, followed to its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aurora_cfn.deploy.watch.pace import Pace, retried
from aurora_cfn.errors import AwsError
from aurora_cfn.model.stack_set import DRIFT, InstanceResult, SetOperation
from aurora_cfn.ports import Clock
from aurora_cfn.ports.stack_operations import StackSets


def follow(
    port: StackSets,
    name: str,
    identifier: str,
    clock: Clock,
    show: Callable[[InstanceResult], None],
    stopping: Callable[[], bool],
    seen: dict[tuple[str, str], str] | None = None,
) -> tuple[SetOperation, Sequence[InstanceResult]]:
    """The operation and its results at its end, or once `stopping`; `show` gets each result that begins or ends.

    `seen` has the statuses that were shown, so that an interrupted call can continue.
    Raises AwsError when it cannot be read.
    """
    pace, seen = Pace(), {} if seen is None else seen
    while True:
        operation = retried(clock, lambda: port.operation(name, identifier))
        results = retried(clock, lambda: port.results(name, identifier))
        new = [row for row in results if row.status != "PENDING" and seen.get(row.place) != row.status]
        for row in new:
            seen[row.place] = row.status
            show(row)
        if operation is None:
            raise AwsError(f"{name} has no operation {identifier}", operation="DescribeStackSetOperation")
        if not operation.runs or stopping():
            return operation, results
        clock.sleep(pace.after(news=bool(new)))


def running(port: StackSets, name: str) -> list[SetOperation]:
    """The operations that have not ended, the oldest first; without drift detection, which changes nothing."""
    return [row for row in reversed(port.operations(name)) if row.runs and row.action != DRIFT]
