"""Taking a plan back that nobody wants any more: its change sets, and the empty stacks that were made for them."""

from __future__ import annotations

from aurora_cfn.deploy.engine import Engine
from aurora_cfn.deploy.orphans import WAITING
from aurora_cfn.deploy.overtaken import GONE
from aurora_cfn.deploy.prepare import is_empty_shell
from aurora_cfn.errors import AwsError
from aurora_cfn.model.plan_file import PlannedStack

UNUSED = WAITING | {"OBSOLETE", ""}
"""Execution statuses of a change set that was never executed."""


def take_back(engine: Engine, planned: PlannedStack) -> str:
    """What became of the change set of one stack of a plan, in a sentence; nothing else on the stack is touched.

    Raises AwsError where AWS refuses.
    """
    if not planned.change_set:
        return "it has no change set in this plan"
    told = _change_set_back(engine, planned.change_set)
    if planned.made_stack and is_empty_shell(engine, planned.arn):
        engine.cloudformation.delete_stack(planned.arn, token=f"{engine.token}-shell", role_arn=engine.role_arn)
        told += ", and so was the empty stack around it"
    return told


def _change_set_back(engine: Engine, arn: str) -> str:
    try:
        found = engine.cloudformation.change_set(arn)
    except AwsError as error:
        if error.code not in GONE:
            raise
        return "its change set was gone already"
    if found.execution_status not in UNUSED:
        return f"its change set was executed, and is kept ({found.execution_status})"
    engine.cloudformation.delete_change_set(arn)
    return "its change set was taken back"
