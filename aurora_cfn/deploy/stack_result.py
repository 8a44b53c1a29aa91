"""The result of the work on one stack: its time and outcome; an expected error is a result too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias

from aurora_cfn.deploy.context import Context
from aurora_cfn.errors import AuroraCfnError, BusyError, DeclinedError, DeployError, UnreadOutcomeError
from aurora_cfn.model.plan import DesiredStack, Outcome, StackResult

Rest = ParamSpec("Rest")
Work: TypeAlias = Callable[Concatenate[Context, DesiredStack, Rest], StackResult]


def recorded(context: Context, key: str, name: str, work: Callable[[], StackResult]) -> StackResult:
    """The result of the work with its time, which the listener gets too; an expected error becomes a result."""
    began = context.clock.monotonic()
    try:
        result = work()
    except AuroraCfnError as error:
        # A question that Ctrl-C ended was not answered with no: the command ends as interrupted.
        code = 0 if isinstance(error, DeclinedError) and context.stopping() else error.exit_code
        result = StackResult(key, name, outcome_of(error), cause=str(error), exit_code=code)
    result = replace(result, seconds=context.clock.monotonic() - began)
    context.listener.ended(result)
    return result


def as_recorded(work: Work[Rest]) -> Work[Rest]:
    """The work on one stack, `recorded`: expected errors are in its result, so that other stacks can continue."""

    @wraps(work)
    def whole(context: Context, desired: DesiredStack, /, *rest: Rest.args, **named: Rest.kwargs) -> StackResult:
        return recorded(context, desired.key, desired.name, lambda: work(context, desired, *rest, **named))

    return whole


def outcome_of(error: AuroraCfnError) -> Outcome:
    """The outcome of a stack whose work ended with the error."""
    if isinstance(error, DeployError):
        return "failed"
    if isinstance(error, DeclinedError):
        return "declined"
    if isinstance(error, UnreadOutcomeError):
        return "unread"
    return "detached" if isinstance(error, BusyError) else "refused"
