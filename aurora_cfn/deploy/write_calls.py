"""Calls that change something in CloudFormation, made so that each takes effect once.

If AWS's reply is lost or cannot be read, the tool checks whether the call was accepted. If another operation started
between our last read and our call, it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.watch.pace import retried
from aurora_cfn.errors import UNREACHABLE, AwsError, BusyError, UnreadOutcomeError
from aurora_cfn.model.plan import DesiredStack, StackPlan

OTHER_OPERATION = "_IN_PROGRESS state"
"""Part of CloudFormation's message when another operation runs: `... is in UPDATE_IN_PROGRESS state and can not be
updated`. Its code, ValidationError, says nothing."""


@contextmanager
def overtaken(context: Context, desired: DesiredStack, when: str) -> Iterator[None]:
    """Raise BusyError when AWS refuses a call inside because something else was executed on the stack."""
    try:
        yield
    except AwsError as error:
        # ChangeSetNotFound: the execution of one change set deletes all others of the stack.
        if not error.no_change_set and OTHER_OPERATION not in str(error):
            raise
        follow = f"`aurora-cfn events {context.env_option} --stack {desired.key} --follow` shows it"
        raise BusyError(
            f"{desired.name}: something else was executed on it {when} ({follow}); "
            f"nothing of this was executed, deploy again after it: {error}"
        ) from error


Answer = TypeVar("Answer")


def repeated(context: Context, key: str, question: Callable[[], Answer], known: str) -> Answer:
    """The answer, after repeated calls if need be. `known` begins each warning: what is certain meanwhile.

    Raises what `retried` raises.
    """

    def failed(error: AwsError) -> None:
        if context.stopping():
            raise error
        context.listener.warn(key, f"{known}: {error} (asking again)")

    return retried(context.clock, question, failed)


BEGUN = frozenset({"EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE", "EXECUTE_FAILED"})
"""Execution statuses of a change set whose execution was accepted.

The other three values of ExecutionStatus are UNAVAILABLE, AVAILABLE and OBSOLETE (API reference, ChangeSetSummary, read
2026-11-28); that reference says nothing more about these three, so their meaning is taken from their names.
"""
ACCEPTED = "the answer to the call was lost, but CloudFormation has accepted it"


def execute(context: Context, plan: StackPlan, *, disable_rollback: bool | None) -> None:
    """Execute the change set, and return once it is certain that CloudFormation has accepted the call.

    botocore repeats a call whose answer was lost, and AWS refuses the second one: so after a refusal too the change set
    is read. Raises BusyError where another operation came first, and what `ordered` raises.
    """
    assert plan.change_set is not None
    desired, arn = plan.desired, plan.change_set.arn

    def begun() -> bool:
        return context.cloudformation.change_set(arn).execution_status in BEGUN

    def order() -> None:
        with overtaken(context, desired, "since this was approved"):
            context.cloudformation.execute_change_set(arn, token=context.token, disable_rollback=disable_rollback)

    try:
        ordered(context, desired.key, desired.name, order, begun)
    except (AwsError, BusyError) as error:
        # After these errors reading would fail too, or `ordered` has read already.
        final = isinstance(error, AwsError) and (error.unauthenticated or error.denied or error.inconclusive)
        if final or not _certainly(begun):
            raise
        context.listener.step(desired.key, ACCEPTED)


def ordered(context: Context, key: str, name: str, order: Callable[[], None], begun: Callable[[], bool]) -> None:
    """Make the call `order`; without an answer that says it, `begun` reads whether AWS has accepted it.

    Raises AwsError when it was refused or not accepted, UnreadOutcomeError when that cannot be read.
    """
    try:
        order()
    except AwsError as error:
        if not error.inconclusive or not _found_out(context, key, name, begun, error):
            raise
        context.listener.step(key, ACCEPTED)


def _found_out(context: Context, key: str, name: str, begun: Callable[[], bool], error: AwsError) -> bool:
    known = "whether CloudFormation has accepted the call is not known"
    try:
        return repeated(context, key, begun, known)
    except AwsError as also:
        where = f"`aurora-cfn status {context.env_option}` shows it"
        raise UnreadOutcomeError(f"{name}: {known}: {error}; {where}", code=UNREACHABLE) from also


def _certainly(begun: Callable[[], bool]) -> bool:
    """Whether the call was accepted for sure; False where that cannot be read, so that the first error is raised."""
    try:
        return begun()
    except AwsError:
        return False
