"""The stack after its operation: one failed reading does not make a deployment that took an hour a failure."""

from __future__ import annotations

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.patience import patiently
from aurora_cfn.deploy.watch import LOST
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack


def stack_afterwards(engine: Engine, desired: DesiredStack, stack_arn: str) -> Stack:
    """The stack that was just deployed.

    Raises BusyError without credentials, AwsError when it stays unreadable or is gone; both say that it was deployed.
    """
    known = "deployed, but cannot be read"
    try:
        stack = patiently(engine, desired.key, lambda: engine.cloudformation.stack(stack_arn), known)
    except AwsError as error:
        kind = BusyError if error.code in LOST else AwsError
        where = f"`aurora-cfn status {engine.where}` shows it"
        raise kind(f"{desired.name} was deployed, but cannot be read any more: {error}; {where}") from error
    if stack is None:
        raise AwsError(f"{desired.name} was deployed, and somebody has deleted it since")
    return stack
