"""The stack after its operation: one failed reading does not make a deployment that took an hour a failure."""

from __future__ import annotations

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.pace import Pace
from aurora_cfn.deploy.silence import DENIED
from aurora_cfn.deploy.watch import LOST
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack

READINGS = 5
"""How often it is asked for where asking again may help: about half a minute."""


def stack_afterwards(engine: Engine, desired: DesiredStack, stack_arn: str) -> Stack:
    """The stack that was just deployed.

    Raises BusyError without credentials, AwsError when it stays unreadable or is gone; both say that it was deployed.
    """
    try:
        stack = _read(engine, desired, stack_arn)
    except AwsError as error:
        kind = BusyError if error.code in LOST else AwsError
        where = f"`aurora-cfn status {engine.where}` shows it"
        raise kind(f"{desired.name} was deployed, but cannot be read any more: {error}; {where}") from error
    if stack is None:
        raise AwsError(f"{desired.name} was deployed, and somebody has deleted it since")
    return stack


def _read(engine: Engine, desired: DesiredStack, stack_arn: str) -> Stack | None:
    pace = Pace()
    for _ in range(READINGS - 1):
        try:
            return engine.cloudformation.stack(stack_arn)
        except AwsError as error:
            if error.code in LOST | DENIED or engine.stopping():
                raise
            engine.listener.warn(desired.key, f"deployed, but cannot be read: {error} (asking again)")
        engine.clock.sleep(pace.after_trouble())
    return engine.cloudformation.stack(stack_arn)
