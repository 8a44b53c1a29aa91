"""Orders to CloudFormation that count as given although their answer was lost."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.overtaken import overtaken
from aurora_cfn.deploy.patience import patiently
from aurora_cfn.deploy.silence import DENIED
from aurora_cfn.deploy.watch import LOST
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.plan import StackPlan

BEGUN = frozenset({"EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE", "EXECUTE_FAILED"})
"""Execution statuses of a change set whose order was taken (API Reference, DescribeChangeSet, read 2026-11)."""
SILENT = "Unreachable"
"""The code of a call that was not answered: it may have been carried out or not."""
TAKEN = "the answer to the order was lost, but CloudFormation has taken it"


def execute(engine: Engine, plan: StackPlan, *, disable_rollback: bool | None) -> None:
    """Give the order, and return once it is certain that CloudFormation has taken it.

    botocore sends a call again whose answer was lost, and AWS refuses the second one: so after a refusal too the change
    set itself is asked. Raises BusyError where another operation came first, and what `ordered` raises.
    """
    assert plan.change_set is not None
    desired, arn = plan.desired, plan.change_set.arn

    def begun() -> bool:
        return engine.cloudformation.change_set(arn).execution_status in BEGUN

    def order() -> None:
        with overtaken(engine, desired, "since this was approved"):
            engine.cloudformation.execute_change_set(arn, token=engine.token, disable_rollback=disable_rollback)

    try:
        ordered(engine, desired.key, desired.name, order, begun)
    except (AwsError, BusyError) as error:
        code = error.code if isinstance(error, AwsError) else ""
        if code in LOST | DENIED | {SILENT} or not _certainly(begun):
            raise
        engine.listener.step(desired.key, TAKEN)


def ordered(engine: Engine, key: str, name: str, order: Callable[[], None], begun: Callable[[], bool]) -> None:
    """Give an order; where nobody answers, `begun` finds out whether it was taken.

    Raises AwsError when it was refused, was not taken, or when nobody can tell.
    """
    try:
        order()
    except AwsError as error:
        if error.code != SILENT or not _found_out(engine, key, name, begun, error):
            raise
        engine.listener.step(key, TAKEN)


def _found_out(engine: Engine, key: str, name: str, begun: Callable[[], bool], error: AwsError) -> bool:
    known = "whether CloudFormation has taken the order is not known"
    try:
        return patiently(engine, key, begun, known)
    except AwsError as also:
        where = f"`aurora-cfn status {engine.where}` shows it"
        raise AwsError(f"{name}: {known}: {error}; {where}", code=SILENT) from also


def _certainly(begun: Callable[[], bool]) -> bool:
    try:
        return begun()
    except AwsError:
        return False
